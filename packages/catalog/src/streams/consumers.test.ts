import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anId, createStream } from '../../test/a-catalog.ts';
import type { StreamsCommand } from './commands.ts';
import type { Consumer } from './consumer.ts';
import { streamsReducers } from './reducer.ts';
import { streamFromSnapshot, streamToSnapshot } from './snapshot.ts';
import { StreamsState } from './state.ts';
import { type Stream, TAGS_MAX } from './stream.ts';

const STREAM_ARN = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders';
const id = anId(1);

const apply = (state: StreamsState, command: StreamsCommand, atMs = 1_999) =>
  (streamsReducers[command.type] as (state: StreamsState, command: StreamsCommand, ms: number) => unknown)(
    state,
    command,
    atMs,
  );

const register = (name: string, changes: object = {}) =>
  ({ type: 'streams.register-consumer.v1', id, name, consumersMax: 20, tags: [], ...changes }) as const;

const arnOf = (name: string): string => `${STREAM_ARN}/consumer/${name}:1`;
const activate = (name: string) => ({ type: 'streams.activate-consumer.v1', id, arn: arnOf(name) }) as const;
const markDeleting = (name: string) =>
  ({ type: 'streams.mark-consumer-deleting.v1', id, arn: arnOf(name) }) as const;
const forget = (name: string) => ({ type: 'streams.forget-consumer.v1', id, arn: arnOf(name) }) as const;

const stateOf = (...commands: StreamsCommand[]): StreamsState => {
  const state = new StreamsState();
  for (const command of [createStream('orders'), { type: 'streams.activate.v1', id } as const, ...commands]) {
    assert.equal(apply(state, command), undefined);
  }
  return state;
};

const theStream = (state: StreamsState): Stream => {
  const stream = state.get(id);
  assert.ok(stream);
  return stream;
};

const theConsumer = (state: StreamsState): Consumer => {
  const [consumer] = theStream(state).consumers;
  assert.ok(consumer);
  return consumer;
};

test('a new consumer is CREATING, and its ARN ends in the second of its creation', () => {
  const { name, arn, status, createdAtMs } = theConsumer(stateOf(register('app')));
  assert.deepEqual([name, arn, status, createdAtMs], ['app', arnOf('app'), 'CREATING', 1_999]);
});

test('consumers stand by name', () => {
  const state = stateOf(register('b'), register('a'), register('c'), activate('b'));
  assert.deepEqual(
    theStream(state).consumers.map(({ name, status }) => [name, status]),
    [
      ['a', 'CREATING'],
      ['b', 'ACTIVE'],
      ['c', 'CREATING'],
    ],
  );
});

test('a consumer only goes the ways of its life', () => {
  const state = stateOf(register('app'));
  const wrong = (status: string) => ({ reason: 'wrong-consumer-status', arn: arnOf('app'), status });
  assert.deepEqual(apply(state, forget('app')), wrong('CREATING'));
  assert.equal(apply(state, activate('app')), undefined);
  assert.deepEqual(apply(state, activate('app')), wrong('ACTIVE'));
  assert.equal(apply(state, markDeleting('app')), undefined);
  assert.deepEqual(apply(state, markDeleting('app')), wrong('DELETING'));
  assert.deepEqual(apply(state, activate('app')), wrong('DELETING'));
  assert.equal(apply(state, forget('app')), undefined);
  for (const command of [activate('app'), markDeleting('app'), forget('app')]) {
    assert.deepEqual(apply(state, command), { reason: 'no-such-consumer', arn: arnOf('app') });
  }
});

test('a name is taken until the consumer that had it is forgotten', () => {
  const state = stateOf(register('app'), markDeleting('app'));
  assert.deepEqual(apply(state, register('app')), { reason: 'consumer-exists', name: 'app' });
  apply(state, forget('app'));
  assert.equal(apply(state, register('app'), 2_000), undefined);
  assert.deepEqual(apply(state, activate('app')), { reason: 'no-such-consumer', arn: arnOf('app') });
});

test('a stream has so many consumers and no more', () => {
  const state = stateOf(register('a'), register('b', { consumersMax: 2 }));
  assert.deepEqual(apply(state, register('c', { consumersMax: 2 })), {
    reason: 'too-many-consumers',
    consumersMax: 2,
  });
});

test('five consumers at the most are CREATING at a time', () => {
  const state = stateOf(...['a', 'b', 'c', 'd', 'e'].map((name) => register(name)));
  assert.deepEqual(apply(state, register('f')), { reason: 'too-many-creating', creatingMax: 5 });
  apply(state, activate('c'));
  assert.equal(apply(state, register('f')), undefined);
});

test('a consumer has at most 50 tags, given at first or later', () => {
  const tags = Array.from({ length: TAGS_MAX + 1 }, (_, index) => [`k${index}`, ''] as const);
  const state = stateOf(register('app', { tags: tags.slice(0, TAGS_MAX) }), activate('app'));
  assert.deepEqual(apply(state, register('b', { tags })), { reason: 'too-many-tags' });
  const arn = arnOf('app');
  const add = { type: 'streams.set-consumer-tags.v1', id, arn, tags: tags.slice(TAGS_MAX) } as const;
  assert.deepEqual(apply(state, add), { reason: 'too-many-tags' });
  apply(state, { type: 'streams.remove-consumer-tags.v1', id, arn, keys: ['k0', 'never there'] });
  assert.equal(apply(state, add), undefined);
  assert.equal(theConsumer(state).tags.size, TAGS_MAX);
});

test('a stream with consumers can be kept from being deleted', () => {
  const state = stateOf(register('app'), activate('app'));
  const remove = { type: 'streams.mark-deleting.v1', id, unlessConsumed: true } as const;
  assert.deepEqual(apply(state, remove), { reason: 'has-consumers' });
  apply(state, markDeleting('app'));
  assert.equal(apply(state, remove), undefined);
});

test('consumers go with their stream', () => {
  const state = stateOf(register('app'), activate('app'), { type: 'streams.mark-deleting.v1', id });
  assert.equal(theConsumer(state).status, 'DELETING');
  assert.deepEqual(apply(state, register('b')), { reason: 'wrong-status', status: 'DELETING' });
});

test('a policy hangs on the stream or on a consumer, and goes alone or with it', () => {
  const state = stateOf(register('app'), activate('app'));
  const consumerArn = arnOf('app');
  apply(state, { type: 'streams.set-policy.v1', id, policy: 'of the stream' });
  apply(state, { type: 'streams.set-policy.v1', id, consumerArn, policy: 'of the consumer' });
  assert.deepEqual(
    [theStream(state).policy, theConsumer(state).policy],
    ['of the stream', 'of the consumer'],
  );
  const remove = { type: 'streams.remove-policy.v1', id } as const;
  assert.equal(apply(state, remove), undefined);
  assert.deepEqual(apply(state, remove), { reason: 'no-policy', arn: STREAM_ARN });
  assert.equal(apply(state, { ...remove, consumerArn }), undefined);
  assert.ok(!('policy' in theConsumer(state)));
});

test('a consumer that is not ACTIVE takes neither tags nor a policy', () => {
  const state = stateOf(register('app'));
  const arn = arnOf('app');
  const refused = { reason: 'wrong-consumer-status', arn, status: 'CREATING' };
  assert.deepEqual(apply(state, { type: 'streams.set-consumer-tags.v1', id, arn, tags: [] }), refused);
  assert.deepEqual(
    apply(state, { type: 'streams.set-policy.v1', id, consumerArn: arn, policy: '{}' }),
    refused,
  );
});

test('a stream from a snapshot of before there were consumers has none', () => {
  const { consumers: _, ...older } = JSON.parse(JSON.stringify(streamToSnapshot(theStream(stateOf()))));
  assert.deepEqual(streamFromSnapshot(older).consumers, []);
});
