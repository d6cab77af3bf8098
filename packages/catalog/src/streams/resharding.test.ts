import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HASH_KEY_MAX, positionOf } from '@millrace/core';
import { anId, createStream } from '../../test/a-catalog.ts';
import type { StreamsCommand, StreamsRefusal } from './commands.ts';
import { streamsReducers } from './reducer.ts';
import { closingShardsOf, comingShardsOf } from './resharding.ts';
import { openShardsOf } from './shards.ts';
import { streamFromSnapshot, streamToSnapshot } from './snapshot.ts';
import { StreamsState } from './state.ts';
import type { Stream } from './stream.ts';

const HOUR_MS = 3_600_000;
const id = anId(1);
const MIDDLE = 1n << 127n;

type Reduce = (state: StreamsState, command: StreamsCommand, ms: number) => StreamsRefusal | undefined;

const apply = (state: StreamsState, command: StreamsCommand, atMs = 1_000): StreamsRefusal | undefined =>
  (streamsReducers[command.type] as Reduce)(state, command, atMs);

/** An ACTIVE stream of one account with so many shards. */
const aStream = (shardCount: number): StreamsState => {
  const state = new StreamsState();
  apply(state, createStream('orders', { shardCount }));
  apply(state, { type: 'streams.activate.v1', id });
  return state;
};

const now = (state: StreamsState): Stream => {
  const stream = state.get(id);
  assert.ok(stream);
  return stream;
};

const split = (shard: number, at: bigint): StreamsCommand => ({
  type: 'streams.split-shard.v1',
  id,
  mode: 'PROVISIONED',
  shard,
  newStartingHashKey: `${at}`,
  shardsMax: 100,
});

const merge = (lower: number, upper: number): StreamsCommand => ({
  type: 'streams.merge-shards.v1',
  id,
  mode: 'PROVISIONED',
  shards: [lower, upper],
});

const scale = (shardCount: number): StreamsCommand => ({
  type: 'streams.scale-shards.v1',
  id,
  mode: 'PROVISIONED',
  shardCount,
  shardsMax: 100,
});

const close = (state: StreamsState, end = 7): StreamsCommand => ({
  type: 'streams.close-shards.v1',
  id,
  ends: [...closingShardsOf(now(state))].map((index) => [index, positionOf(end)]),
});

test('a split closes nothing before the end of the parent is known', () => {
  const state = aStream(1);
  assert.equal(apply(state, split(0, MIDDLE)), undefined);
  assert.equal(now(state).status, 'UPDATING');
  assert.equal(now(state).shards.length, 1);
  assert.deepEqual([...closingShardsOf(now(state))], [0]);
  assert.deepEqual(
    comingShardsOf(now(state)).map(({ index, parents }) => [index, parents]),
    [
      [1, [0]],
      [2, [0]],
    ],
  );
});

test('closing ends the parent where it ended, and the children have what it had', () => {
  const state = aStream(1);
  apply(state, split(0, MIDDLE));
  const coming = comingShardsOf(now(state));
  assert.equal(apply(state, close(state), 5_000), undefined);
  const { status, shards, resharding } = now(state);
  assert.deepEqual([status, resharding], ['ACTIVE', undefined]);
  assert.deepEqual(shards[0]?.closed, { atMs: 5_000, end: 7 });
  assert.deepEqual(
    shards.slice(1),
    coming.map((child) => ({ ...child, createdAtMs: 5_000 })),
  );
  assert.deepEqual(
    shards.slice(1).map(({ range }) => range),
    [
      { start: 0n, end: MIDDLE - 1n },
      { start: MIDDLE, end: HASH_KEY_MAX },
    ],
  );
});

test('a merge has one child with two parents, the lower first', () => {
  const state = aStream(2);
  apply(state, merge(0, 1));
  apply(state, close(state));
  const [child] = openShardsOf(now(state));
  assert.deepEqual(child, {
    index: 2,
    parents: [0, 1],
    range: { start: 0n, end: HASH_KEY_MAX },
    createdAtMs: 1_000,
  });
});

test('only the first word on the ends counts', () => {
  const state = aStream(1);
  apply(state, split(0, MIDDLE));
  const first = close(state, 7);
  const second = close(state, 9);
  apply(state, first);
  assert.deepEqual(apply(state, second), { reason: 'wrong-status', status: 'ACTIVE' });
  assert.equal(now(state).shards[0]?.closed?.end, 7);
});

test('ends of other shards than the closing ones change nothing', () => {
  const state = aStream(2);
  apply(state, merge(0, 1));
  const ends = [[0, positionOf(1)]] as const;
  assert.deepEqual(apply(state, { type: 'streams.close-shards.v1', id, ends }), { reason: 'not-closing' });
  assert.equal(openShardsOf(now(state)).length, 2);
});

test('scaling goes on until the shards are even, step by step', () => {
  const state = aStream(2);
  apply(state, scale(3));
  let steps = 0;
  for (; now(state).status === 'UPDATING'; steps++) apply(state, close(state));
  assert.equal(steps, 2);
  assert.equal(openShardsOf(now(state)).length, 3);
  assert.equal(now(state).resharding, undefined);
});

test('scaling to what the stream is already needs no step', () => {
  const state = aStream(4);
  apply(state, scale(4));
  assert.equal(now(state).status, 'ACTIVE');
  assert.equal(now(state).shards.length, 4);
});

test('while shards are changing no others may be changed', () => {
  const state = aStream(2);
  apply(state, split(0, 5n));
  for (const command of [split(1, MIDDLE + 5n), merge(0, 1), scale(4)]) {
    assert.deepEqual(apply(state, command), { reason: 'wrong-status', status: 'UPDATING' });
  }
});

const refusals: readonly [what: string, command: StreamsCommand, refusal: StreamsRefusal][] = [
  ['splitting a shard that is not there', split(9, MIDDLE), { reason: 'no-such-shard', shard: 9 }],
  ['merging a shard that is not there', merge(0, 9), { reason: 'no-such-shard', shard: 9 }],
  ['merging downwards', merge(1, 0), { reason: 'not-adjacent', shards: [1, 0] }],
  ['merging a shard with itself', merge(0, 0), { reason: 'not-adjacent', shards: [0, 0] }],
  [
    'splitting at the second key of a shard',
    split(0, 1n),
    { reason: 'split-outside', shard: 0, hashKey: '1', start: '0', end: `${MIDDLE - 1n}` },
  ],
  [
    'splitting at the last key of a shard',
    split(0, MIDDLE - 1n),
    { reason: 'split-outside', shard: 0, hashKey: `${MIDDLE - 1n}`, start: '0', end: `${MIDDLE - 1n}` },
  ],
  [
    'scaling beyond the quota',
    scale(101),
    { reason: 'too-many-shards', openShardCount: 2, shardCount: 99, shardsMax: 100 },
  ],
];

for (const [what, command, refusal] of refusals) {
  test(`${what} is refused`, () => {
    const state = aStream(2);
    assert.deepEqual(apply(state, command), refusal);
    assert.equal(now(state).status, 'ACTIVE');
  });
}

test('a shard that is closed can be neither split nor merged', () => {
  const state = aStream(2);
  apply(state, split(0, 5n));
  apply(state, close(state));
  assert.deepEqual(apply(state, split(0, 7n)), { reason: 'shard-closed', shard: 0 });
  assert.deepEqual(apply(state, merge(0, 1)), { reason: 'shard-closed', shard: 0 });
});

test('a stream of the other mode is refused, whoever asks', () => {
  const state = aStream(2);
  const command: StreamsCommand = { ...scale(4), mode: 'ON_DEMAND' } as StreamsCommand;
  assert.deepEqual(apply(state, command), { reason: 'wrong-mode', mode: 'PROVISIONED' });
});

test('a snapshot in the middle of it is read back as it was', () => {
  const state = aStream(3);
  apply(state, { type: 'streams.set-retention.v1', id, direction: 'increase', retentionHours: 48 });
  apply(state, scale(5));
  const text = JSON.stringify(streamToSnapshot(now(state)));
  const back = streamFromSnapshot(JSON.parse(text));
  assert.deepEqual(back, now(state));
  assert.equal(JSON.stringify(streamToSnapshot(back)), text);
});

test('only closed shards whose time is over are forgotten, and indexes go on', () => {
  const state = aStream(2);
  apply(state, split(0, 5n));
  apply(state, close(state), HOUR_MS);
  const forget: StreamsCommand = { type: 'streams.forget-shards.v1', id, shards: [0, 1, 2, 77] };
  apply(state, forget, 25 * HOUR_MS);
  assert.equal(now(state).shards.length, 4);
  apply(state, forget, 25 * HOUR_MS + 1);
  assert.deepEqual(
    now(state).shards.map(({ index }) => index),
    [1, 2, 3],
  );
  apply(state, merge(2, 3), 26 * HOUR_MS);
  assert.equal(comingShardsOf(now(state))[0]?.index, 4);
});
