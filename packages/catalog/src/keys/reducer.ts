import { formatArn, partitionOf } from '@millrace/core';
import type { Reducers } from '../command.ts';
import type { KeysCommand, KeysRefusal } from './commands.ts';
import type { Key, KeyState } from './key.ts';
import type { KeysState } from './state.ts';

const arnOf = (id: string, account: string, region: string): string =>
  formatArn({ partition: partitionOf(region), service: 'kms', region, account, resource: `key/${id}` });

/** A customer's key that stands in one of the states is put in another. */
const changeKey = (
  state: KeysState,
  id: string,
  from: readonly KeyState[],
  changed: (key: Key) => Key,
): KeysRefusal | undefined => {
  const key = state.get(id);
  if (key === undefined) return { reason: 'no-such-key' };
  if (key.manager === 'AWS') return { reason: 'aws-managed-key' };
  if (!from.includes(key.state)) return { reason: 'wrong-key-state', state: key.state };
  state.put(changed(key));
  return undefined;
};

const withState = ({ deletionAtMs: _, ...key }: Key, state: KeyState): Key => ({ ...key, state });

const USABLE: readonly KeyState[] = ['Enabled', 'Disabled'];

export const keysReducers: Reducers<KeysState, KeysCommand, KeysRefusal> = {
  'keys.create.v1': (state, { keyId: id, account, region, manager, wrapped, alias }, createdAtMs) => {
    if (state.get(id) !== undefined) return { reason: 'key-exists' };
    if (alias !== undefined && state.byAlias(account, region, alias) !== undefined)
      return { reason: 'alias-exists' };
    const arn = arnOf(id, account, region);
    const key: Key = { id, account, region, arn, manager, createdAtMs, state: 'Enabled', wrapped };
    state.put(key);
    if (alias !== undefined) state.setAlias(key, alias);
    return undefined;
  },

  'keys.set-alias.v1': (state, { alias, keyId }) => {
    const key = state.get(keyId);
    if (key === undefined) return { reason: 'no-such-key' };
    state.setAlias(key, alias);
    return undefined;
  },

  'keys.remove-alias.v1': (state, { account, region, alias }) => {
    if (state.byAlias(account, region, alias) === undefined) return { reason: 'no-such-alias' };
    state.removeAlias(account, region, alias);
    return undefined;
  },

  'keys.enable.v1': (state, { keyId }) => changeKey(state, keyId, USABLE, (key) => withState(key, 'Enabled')),

  'keys.disable.v1': (state, { keyId }) =>
    changeKey(state, keyId, USABLE, (key) => withState(key, 'Disabled')),

  'keys.schedule-deletion.v1': (state, { keyId, deletionAtMs }) =>
    changeKey(state, keyId, USABLE, (key) => ({ ...key, state: 'PendingDeletion', deletionAtMs })),

  'keys.cancel-deletion.v1': (state, { keyId }) =>
    changeKey(state, keyId, ['PendingDeletion'], (key) => withState(key, 'Disabled')),

  'keys.forget.v1': (state, { keyId }) => {
    const key = state.get(keyId);
    if (key === undefined) return { reason: 'no-such-key' };
    if (key.state !== 'PendingDeletion') return { reason: 'wrong-key-state', state: key.state };
    state.remove(key);
    return undefined;
  },
};
