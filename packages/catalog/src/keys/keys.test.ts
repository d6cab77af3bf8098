import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeState, encodeState } from '../snapshot.ts';
import { emptyState } from '../state.ts';
import type { KeysCommand, KeysRefusal } from './commands.ts';
import { keysReducers } from './reducer.ts';
import { KeysState } from './state.ts';

const ID = '11111111-2222-4333-8444-555555555555';
const OTHER = '99999999-2222-4333-8444-555555555555';
const PLACE = { account: '123456789012', region: 'eu-west-1' } as const;
const ALIAS = 'alias/orders';

const apply = (state: KeysState, command: KeysCommand, atMs = 1_000): KeysRefusal | undefined =>
  keysReducers[command.type](state, command as never, atMs);

const create = (state: KeysState, keyId: string, alias?: string, manager: 'AWS' | 'CUSTOMER' = 'CUSTOMER') =>
  apply(state, {
    type: 'keys.create.v1',
    keyId,
    ...PLACE,
    manager,
    wrapped: 'AAAA',
    ...(alias === undefined ? {} : { alias }),
  });

const aKey = (): KeysState => {
  const state = new KeysState();
  assert.equal(create(state, ID, ALIAS), undefined);
  return state;
};

const find = (state: KeysState, alias = ALIAS) => state.byAlias(PLACE.account, PLACE.region, alias)?.id;

test('a new key is enabled and is found by its id and its alias', () => {
  const state = aKey();
  const key = state.get(ID);
  assert.equal(key?.arn, `arn:aws:kms:eu-west-1:123456789012:key/${ID}`);
  assert.deepEqual([key?.state, key?.createdAtMs, find(state)], ['Enabled', 1_000, ID]);
  assert.equal(state.byAlias(PLACE.account, 'us-east-1', ALIAS), undefined);
});

test('neither an id nor, with a new key, an alias is taken twice', () => {
  const state = aKey();
  assert.deepEqual(create(state, ID), { reason: 'key-exists' });
  assert.deepEqual(create(state, OTHER, ALIAS), { reason: 'alias-exists' });
  assert.equal(state.get(OTHER), undefined);
});

test('an alias can be pointed elsewhere and removed', () => {
  const state = aKey();
  create(state, OTHER);
  apply(state, { type: 'keys.set-alias.v1', alias: ALIAS, keyId: OTHER });
  assert.equal(find(state), OTHER);
  const remove = { type: 'keys.remove-alias.v1', ...PLACE, alias: ALIAS } as const;
  assert.equal(apply(state, remove), undefined);
  assert.equal(find(state), undefined);
  assert.deepEqual(apply(state, remove), { reason: 'no-such-alias' });
});

test('a key is disabled, put up for deletion, taken back as disabled, and enabled again', () => {
  const state = aKey();
  const seen = (command: KeysCommand) => {
    assert.equal(apply(state, command), undefined);
    const { state: now, deletionAtMs } = state.get(ID) ?? {};
    return [now, deletionAtMs];
  };
  assert.deepEqual(seen({ type: 'keys.disable.v1', keyId: ID }), ['Disabled', undefined]);
  const schedule = { type: 'keys.schedule-deletion.v1', keyId: ID, deletionAtMs: 9_000 } as const;
  assert.deepEqual(seen(schedule), ['PendingDeletion', 9_000]);
  assert.deepEqual(apply(state, { type: 'keys.enable.v1', keyId: ID }), {
    reason: 'wrong-key-state',
    state: 'PendingDeletion',
  });
  assert.deepEqual(seen({ type: 'keys.cancel-deletion.v1', keyId: ID }), ['Disabled', undefined]);
  assert.deepEqual(seen({ type: 'keys.enable.v1', keyId: ID }), ['Enabled', undefined]);
});

test('only a key that is to be deleted can be forgotten, and its alias goes with it', () => {
  const state = aKey();
  const forget = { type: 'keys.forget.v1', keyId: ID } as const;
  assert.deepEqual(apply(state, forget), { reason: 'wrong-key-state', state: 'Enabled' });
  apply(state, { type: 'keys.schedule-deletion.v1', keyId: ID, deletionAtMs: 9_000 });
  assert.equal(apply(state, forget), undefined);
  assert.deepEqual([state.size, find(state)], [0, undefined]);
});

test('what is no key cannot be changed, and what AWS manages may not', () => {
  const state = new KeysState();
  assert.deepEqual(apply(state, { type: 'keys.disable.v1', keyId: ID }), { reason: 'no-such-key' });
  create(state, ID, 'alias/aws/kinesis', 'AWS');
  assert.deepEqual(apply(state, { type: 'keys.disable.v1', keyId: ID }), { reason: 'aws-managed-key' });
});

test('keys come back from the snapshot; an older one has none', () => {
  const state = emptyState();
  create(state.keys, ID, ALIAS);
  apply(state.keys, { type: 'keys.disable.v1', keyId: ID });
  const again = decodeState(encodeState(state));
  assert.deepEqual(again.keys.get(ID), state.keys.get(ID));
  assert.equal(find(again.keys), ID);
  const { keys: _, ...older } = JSON.parse(Buffer.from(encodeState(state)).toString());
  assert.equal(decodeState(Buffer.from(JSON.stringify(older))).keys.size, 0);
});
