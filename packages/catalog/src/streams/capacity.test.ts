import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anId, createStream } from '../../test/a-catalog.ts';
import { capacityReducers } from './capacity-reducer.ts';
import { streamsReducers } from './reducer.ts';
import { streamFromSnapshot, streamToSnapshot } from './snapshot.ts';
import { StreamsState } from './state.ts';
import { writePeakOf } from './write-peaks.ts';

const id = anId(1);
const DAY_MS = 86_400_000;

const anActiveStream = (changes: Parameters<typeof createStream>[1] = {}): StreamsState => {
  const state = new StreamsState();
  streamsReducers['streams.create.v1'](state, createStream('orders', changes), 0);
  streamsReducers['streams.activate.v1'](state, { type: 'streams.activate.v1', id }, 0);
  return state;
};

const notePeak = (state: StreamsState, shards: number, day: number) =>
  capacityReducers['streams.note-write-peak.v1'](
    state,
    { type: 'streams.note-write-peak.v1', id, shards },
    day * DAY_MS,
  );

const peakOn = (state: StreamsState, day: number): number => {
  const stream = state.get(id);
  assert.ok(stream);
  return writePeakOf(stream, day * DAY_MS);
};

test('the highest of a day counts for 30 days, and a hundred days leave no more than 30 entries', () => {
  const state = anActiveStream({ mode: 'ON_DEMAND' });
  notePeak(state, 9, 1);
  notePeak(state, 3, 1);
  notePeak(state, 2, 5);
  assert.deepEqual([peakOn(state, 1), peakOn(state, 30), peakOn(state, 31), peakOn(state, 35)], [9, 9, 2, 0]);
  for (let day = 40; day < 140; day++) notePeak(state, 1, day);
  assert.equal(state.get(id)?.writePeaks?.length, 30);
});

test('what capacity adds to a stream comes back from the snapshot; an older snapshot has none of it', () => {
  const changes = { mode: 'ON_DEMAND', recordDistribution: 'AUTO', warmThroughputMibps: 7 } as const;
  const state = anActiveStream(changes);
  notePeak(state, 2.5, 3);
  for (const stream of [state.get(id), anActiveStream().get(id)]) {
    assert.ok(stream);
    assert.deepEqual(streamFromSnapshot(JSON.parse(JSON.stringify(streamToSnapshot(stream)))), stream);
  }
  assert.equal(
    Object.hasOwn(streamToSnapshot(anActiveStream().get(id) ?? assert.fail()), 'writePeaks'),
    false,
  );
});

test('a stream that goes back to provisioned mode leaves its peaks and warm throughput behind', () => {
  const state = anActiveStream({ mode: 'ON_DEMAND', warmThroughputMibps: 7 });
  notePeak(state, 2, 0);
  const setMode = { type: 'streams.set-mode.v1', id, mode: 'PROVISIONED', shardsMax: 10 } as const;
  assert.equal(capacityReducers['streams.set-mode.v1'](state, setMode, 0), undefined);
  const stream = state.get(id);
  assert.equal(stream?.status, 'UPDATING');
  assert.deepEqual([stream?.writePeaks, stream?.warmThroughputMibps], [undefined, undefined]);
});

test('warm throughput beyond the shards of the account is refused and changes nothing', () => {
  const state = anActiveStream({ mode: 'ON_DEMAND', shardCount: 4 });
  const before = state.get(id);
  const command = {
    type: 'streams.set-warm-throughput.v1',
    id,
    warmThroughputMibps: 11,
    shardsMax: 10,
  } as const;
  assert.deepEqual(capacityReducers['streams.set-warm-throughput.v1'](state, command, 0), {
    reason: 'too-many-shards',
    openShardCount: 4,
    shardCount: 7,
    shardsMax: 10,
  });
  assert.equal(state.get(id), before);
});

test('an update that makes shards is not over before they are made', () => {
  const state = anActiveStream({ mode: 'ON_DEMAND', shardCount: 4 });
  const finish = () =>
    capacityReducers['streams.finish-update.v1'](state, { type: 'streams.finish-update.v1', id }, 0);
  assert.deepEqual(finish(), { reason: 'wrong-status', status: 'ACTIVE' });
  const command = {
    type: 'streams.set-warm-throughput.v1',
    id,
    warmThroughputMibps: 8,
    shardsMax: 10,
  } as const;
  capacityReducers['streams.set-warm-throughput.v1'](state, command, 0);
  assert.deepEqual(finish(), { reason: 'not-updating' });
});
