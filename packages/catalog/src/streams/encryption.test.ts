import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataKeyIdOf } from '@millrace/core';
import { anId, createStream } from '../../test/a-catalog.ts';
import { streamsReducers } from './reducer.ts';
import { streamFromSnapshot, streamToSnapshot } from './snapshot.ts';
import { StreamsState } from './state.ts';

const HOUR_MS = 3_600_000;
const id = anId(1);
const keyOf = (digit: string) => dataKeyIdOf(digit.repeat(32));

const anActiveStream = (): StreamsState => {
  const state = new StreamsState();
  streamsReducers['streams.create.v1'](state, createStream('orders'), 0);
  streamsReducers['streams.activate.v1'](state, { type: 'streams.activate.v1', id }, 0);
  return state;
};

const start = (state: StreamsState, digit: string, atMs: number) =>
  streamsReducers['streams.start-encryption.v1'](
    state,
    {
      type: 'streams.start-encryption.v1',
      id,
      keyId: 'alias/orders',
      dataKey: { id: keyOf(digit), keyArn: 'arn:aws:kms:…', wrapped: 'AAAA' },
    },
    atMs,
  );

const stop = (state: StreamsState, atMs: number) =>
  streamsReducers['streams.stop-encryption.v1'](state, { type: 'streams.stop-encryption.v1', id }, atMs);

const finish = (state: StreamsState) =>
  streamsReducers['streams.finish-update.v1'](state, { type: 'streams.finish-update.v1', id }, 0);

test('encryption is in force from its command on, and the stream is UPDATING until that is over', () => {
  const state = anActiveStream();
  assert.equal(start(state, '1', 10), undefined);
  const { status, encryption } = state.get(id) ?? {};
  assert.deepEqual(
    [status, encryption],
    ['UPDATING', { type: 'KMS', keyId: 'alias/orders', dataKey: keyOf('1') }],
  );
  assert.deepEqual(start(state, '2', 11), { reason: 'wrong-status', status: 'UPDATING' });
  assert.deepEqual(stop(state, 11), { reason: 'wrong-status', status: 'UPDATING' });
  finish(state);
  assert.equal(state.get(id)?.status, 'ACTIVE');
});

test('a data key that is not used any more stays for what it has encrypted', () => {
  const state = anActiveStream();
  start(state, '1', 10);
  finish(state);
  start(state, '2', 20);
  finish(state);
  stop(state, 30);
  const stream = state.get(id);
  assert.deepEqual(stream?.encryption, { type: 'NONE' });
  assert.deepEqual(
    stream?.dataKeys?.map((key) => [key.id, key.retiredAtMs]),
    [
      [keyOf('1'), 20],
      [keyOf('2'), 30],
    ],
  );
});

test('a data key goes once its records have been expired for a day', () => {
  const state = anActiveStream();
  start(state, '1', 0);
  finish(state);
  start(state, '2', HOUR_MS);
  finish(state);
  start(state, '3', 49 * HOUR_MS);
  finish(state);
  assert.equal(state.get(id)?.dataKeys?.length, 3);
  start(state, '4', 49 * HOUR_MS + 1);
  assert.deepEqual(
    state.get(id)?.dataKeys?.map((key) => key.id),
    [keyOf('2'), keyOf('3'), keyOf('4')],
  );
});

test('encryption and data keys come back from the snapshot', () => {
  const state = anActiveStream();
  start(state, '1', 10);
  const stream = state.get(id);
  assert.ok(stream);
  assert.deepEqual(streamFromSnapshot(JSON.parse(JSON.stringify(streamToSnapshot(stream)))), stream);
});
