import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HashKey, positionOf } from '@millrace/core';
import fc from 'fast-check';
import { anId, createStream } from '../../test/a-catalog.ts';
import type { StreamsCommand } from './commands.ts';
import { streamsReducers } from './reducer.ts';
import { findShard } from './shards.ts';
import { streamFromSnapshot, streamToSnapshot } from './snapshot.ts';
import { StreamsState } from './state.ts';
import { type Shard, type Stream, streamIdOf } from './stream.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

const apply = (state: StreamsState, command: StreamsCommand) =>
  (streamsReducers[command.type] as (state: StreamsState, command: StreamsCommand, ms: number) => unknown)(
    state,
    command,
    1_000,
  );

const stateOf = (...commands: StreamsCommand[]): StreamsState => {
  const state = new StreamsState();
  for (const command of commands) assert.equal(apply(state, command), undefined);
  return state;
};

const theStream = (state: StreamsState): Stream => {
  const stream = state.get(anId(1));
  assert.ok(stream);
  return stream;
};

const ACTIVATE = { type: 'streams.activate.v1', id: anId(1) } as const;
const DELETE = { type: 'streams.mark-deleting.v1', id: anId(1) } as const;
const FORGET = { type: 'streams.forget.v1', id: anId(1) } as const;

test('a new stream has its ARN, and shards that divide the hash key space', () => {
  const stream = theStream(stateOf(createStream('orders', { shardCount: 3 })));
  assert.equal(stream.arn, 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders');
  assert.deepEqual(
    stream.shards.map(({ index, parents }) => [index, parents]),
    [
      [0, []],
      [1, []],
      [2, []],
    ],
  );
  assert.equal(stream.shards[2]?.range.end, (1n << 128n) - 1n);
});

test('the ARN of a stream in China names the partition there', () => {
  const { arn } = theStream(stateOf(createStream('orders', { region: 'cn-north-1' })));
  assert.equal(arn, 'arn:aws-cn:kinesis:cn-north-1:123456789012:stream/orders');
});

test('the same name may be used in another region', () => {
  const state = stateOf(createStream('orders'), createStream('orders', { id: anId(2), region: 'us-east-1' }));
  assert.equal(state.find(ACCOUNT, 'us-east-1', 'orders')?.id, anId(2));
});

test('a name is taken until the stream that had it is forgotten', () => {
  const state = stateOf(createStream('orders'), ACTIVATE, DELETE);
  assert.deepEqual(apply(state, createStream('orders', { id: anId(2) })), { reason: 'stream-exists' });
  apply(state, FORGET);
  assert.equal(apply(state, createStream('orders', { id: anId(2) })), undefined);
  assert.equal(state.find(ACCOUNT, REGION, 'orders')?.id, anId(2));
});

test('a stream only goes the ways of its life', () => {
  const state = stateOf(createStream('orders'));
  assert.deepEqual(apply(state, FORGET), { reason: 'wrong-status', status: 'CREATING' });
  apply(state, DELETE);
  assert.deepEqual(apply(state, ACTIVATE), { reason: 'wrong-status', status: 'DELETING' });
  assert.deepEqual(apply(state, DELETE), { reason: 'wrong-status', status: 'DELETING' });
  apply(state, FORGET);
  for (const command of [ACTIVATE, DELETE, FORGET]) {
    assert.deepEqual(apply(state, command), { reason: 'no-such-stream' });
  }
});

test('open shards of an account in a region stay within the bound', () => {
  const state = stateOf(createStream('a', { shardCount: 8, shardsMax: 10 }));
  const next = createStream('b', { id: anId(2), shardCount: 3, shardsMax: 10 });
  assert.deepEqual(apply(state, next), {
    reason: 'too-many-shards',
    openShardCount: 8,
    shardCount: 3,
    shardsMax: 10,
  });
  assert.equal(apply(state, { ...next, shardCount: 2 }), undefined);
});

test('tags are sorted by key; a key set again has the new value', () => {
  const state = stateOf(createStream('orders', { tags: [['b', '1']] }), ACTIVATE);
  const tags = [
    ['b', '2'],
    ['a', ''],
  ] as const;
  apply(state, { type: 'streams.set-tags.v1', id: anId(1), tags });
  assert.deepEqual(
    [...theStream(state).tags],
    [
      ['a', ''],
      ['b', '2'],
    ],
  );
});

test('a stream has at most 50 tags', () => {
  const tags = Array.from({ length: 51 }, (_, index) => [`k${index}`, ''] as const);
  const state = stateOf(createStream('orders', { tags: tags.slice(0, 50) }), ACTIVATE);
  const add = { type: 'streams.set-tags.v1', id: anId(1), tags: tags.slice(50) } as const;
  assert.deepEqual(apply(state, add), { reason: 'too-many-tags' });
  assert.deepEqual(apply(state, createStream('b', { id: anId(2), tags })), { reason: 'too-many-tags' });
  apply(state, { type: 'streams.remove-tags.v1', id: anId(1), keys: ['k0', 'never there'] });
  assert.equal(apply(state, add), undefined);
});

test('tags cannot change before the stream is active', () => {
  const state = stateOf(createStream('orders'));
  const add = { type: 'streams.set-tags.v1', id: anId(1), tags: [] } as const;
  assert.deepEqual(apply(state, add), { reason: 'wrong-status', status: 'CREATING' });
});

test('streams are listed by name, page after page', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9_.-]{1,3}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(name),
      fc.array(name),
      name,
      fc.integer({ min: 1, max: 4 }),
      (names, gone, after, count) => {
        const state = stateOf(
          ...names.map((each, index) => createStream(each, { id: anId(index), shardCount: 1 })),
        );
        for (const each of gone) {
          const stream = state.find(ACCOUNT, REGION, each);
          if (stream !== undefined) state.remove(stream);
        }
        const expected = names.filter((each) => !gone.includes(each) && each > after).sort();
        const listed = state.list(ACCOUNT, REGION, { after, count }).map((stream) => stream.name);
        assert.deepEqual(listed, expected.slice(0, count));
      },
    ),
  );
});

const shardWith = (index: number): Shard => ({
  index,
  range: { start: 0n as HashKey, end: 1n as HashKey },
  createdAtMs: 0,
  parents: [],
});

test('a shard is found by its index although others before it are gone', () => {
  const stream = theStream(stateOf(createStream('orders')));
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(30)), fc.nat(40), (indexes, wanted) => {
      const shards = indexes.sort((a, b) => a - b).map(shardWith);
      const expected = indexes.includes(wanted) ? wanted : undefined;
      assert.equal(findShard({ ...stream, shards }, wanted)?.index, expected);
    }),
  );
});

test('a closed shard with its parents comes back from the snapshot', () => {
  const shard = { ...shardWith(4), parents: [1, 2], closed: { atMs: 5, end: positionOf(6) } };
  const stream = { ...theStream(stateOf(createStream('orders'))), shards: [shard] };
  const written = JSON.parse(JSON.stringify(streamToSnapshot(stream)));
  assert.deepEqual(streamFromSnapshot(written), stream);
});

test('a stream id is 16 hex digits', () => {
  for (const text of ['', '0123', '0123456789ABCDEF', '0123456789abcdef0']) {
    assert.throws(() => streamIdOf(text));
  }
});
