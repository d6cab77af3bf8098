import { AccountsState, type AccountsView } from './accounts/state.ts';
import { KeysState, type KeysView } from './keys/state.ts';
import { SecretsState, type SecretsView } from './secrets/state.ts';
import { StreamsState, type StreamsView } from './streams/state.ts';

/** What everyone but the reducers sees. Objects in it never change; a change puts a new one in their place. */
export interface CatalogView {
  readonly streams: StreamsView;
  readonly secrets: SecretsView;
  readonly keys: KeysView;
  readonly accounts: AccountsView;
}

/** One part per service. */
export interface CatalogState extends CatalogView {
  readonly streams: StreamsState;
  readonly secrets: SecretsState;
  readonly keys: KeysState;
  readonly accounts: AccountsState;
}

export const emptyState = (): CatalogState => ({
  streams: new StreamsState(),
  secrets: new SecretsState(),
  keys: new KeysState(),
  accounts: new AccountsState(),
});
