import type { Position } from '@millrace/core';
import { AccountsState, type Commitment } from './accounts/state.ts';
import { CatalogError } from './catalog-error.ts';
import { type KeysSnapshot, KeysState } from './keys/state.ts';
import { type SecretsSnapshot, SecretsState } from './secrets/state.ts';
import type { CatalogState } from './state.ts';
import type { StreamSnapshot } from './streams/snapshot.ts';
import { StreamsState } from './streams/state.ts';

const VERSION = 1;

interface SnapshotDocument {
  readonly version: typeof VERSION;
  readonly streams: readonly StreamSnapshot[];
  readonly secrets: SecretsSnapshot;
  /** Absent from snapshots of before there were any. */
  readonly keys?: KeysSnapshot;
  /** Absent from snapshots of before accounts had settings. */
  readonly accounts?: readonly Commitment[];
}

/** The state after every command before `position`. */
export interface Snapshot {
  readonly position: Position;
  readonly bytes: Uint8Array;
}

/** Equal states have equal bytes. */
export const encodeState = (state: CatalogState): Uint8Array => {
  const document: SnapshotDocument = {
    version: VERSION,
    streams: state.streams.toSnapshot(),
    secrets: state.secrets.toSnapshot(),
    keys: state.keys.toSnapshot(),
    accounts: state.accounts.toSnapshot(),
  };
  return Buffer.from(JSON.stringify(document));
};

/** Throws `unknown-snapshot` for another version, and for what is no state at all. */
export const decodeState = (bytes: Uint8Array): CatalogState => {
  try {
    const document = JSON.parse(Buffer.from(bytes).toString()) as SnapshotDocument;
    if (document.version !== VERSION) throw otherVersion(document.version);
    return stateOf(document);
  } catch (cause) {
    if (cause instanceof CatalogError) throw cause;
    const message = 'The newest snapshot of the control log has a form that it cannot have.';
    throw new CatalogError('unknown-snapshot', message, { cause });
  }
};

const otherVersion = (version: unknown): CatalogError =>
  new CatalogError(
    'unknown-snapshot',
    `The newest snapshot of the control log has version ${version}; this program reads version ${VERSION}. It was written by a newer one: start that.`,
  );

const stateOf = (document: SnapshotDocument): CatalogState => ({
  streams: StreamsState.fromSnapshot(document.streams),
  secrets: SecretsState.fromSnapshot(document.secrets),
  keys: KeysState.fromSnapshot(document.keys ?? { keys: [], aliases: [] }),
  accounts: AccountsState.fromSnapshot(document.accounts ?? []),
});
