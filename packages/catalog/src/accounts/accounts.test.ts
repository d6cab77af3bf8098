import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeState, encodeState } from '../snapshot.ts';
import { emptyState } from '../state.ts';
import { accountsReducers } from './reducer.ts';
import { type AccountsState, isCommitted } from './state.ts';

const set = (state: AccountsState, status: 'ENABLED' | 'DISABLED', atMs: number) =>
  accountsReducers['accounts.set-commitment.v1'](
    state,
    { type: 'accounts.set-commitment.v1', account: 'a', region: 'r', status, commitmentMs: 100 },
    atMs,
  );

test('a commitment lasts at least its time; ending it later ends it at once', () => {
  const { accounts } = emptyState();
  set(accounts, 'DISABLED', 0);
  assert.equal(accounts.commitment('a', 'r'), undefined);
  set(accounts, 'ENABLED', 10);
  set(accounts, 'DISABLED', 20);
  set(accounts, 'DISABLED', 30);
  assert.deepEqual(accounts.commitment('a', 'r'), {
    account: 'a',
    region: 'r',
    startedAtMs: 10,
    earliestEndAtMs: 110,
    endsAtMs: 110,
  });
  assert.deepEqual(
    [109, 110].map((atMs) => isCommitted(accounts.commitment('a', 'r'), atMs)),
    [true, false],
  );
  set(accounts, 'ENABLED', 120);
  set(accounts, 'DISABLED', 500);
  assert.deepEqual(accounts.commitment('a', 'r'), {
    account: 'a',
    region: 'r',
    startedAtMs: 120,
    earliestEndAtMs: 220,
    endsAtMs: 500,
  });
});

test('settings come back from the snapshot, and one of before there were any has none', () => {
  const state = emptyState();
  set(state.accounts, 'ENABLED', 10);
  const bytes = encodeState(state);
  assert.deepEqual(decodeState(bytes).accounts.commitment('a', 'r'), state.accounts.commitment('a', 'r'));
  const { accounts: _, ...older } = JSON.parse(Buffer.from(bytes).toString());
  const before = decodeState(Buffer.from(JSON.stringify(older)));
  assert.equal(before.accounts.commitment('a', 'r'), undefined);
});
