import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anId, createStream } from '../../test/a-catalog.ts';
import { monitoringReducers } from './monitoring-reducer.ts';
import { streamsReducers } from './reducer.ts';
import { streamFromSnapshot, streamToSnapshot } from './snapshot.ts';
import { StreamsState } from './state.ts';

const id = anId(1);

const anActiveStream = (): StreamsState => {
  const state = new StreamsState();
  streamsReducers['streams.create.v1'](state, createStream('orders'), 1_000);
  streamsReducers['streams.activate.v1'](state, { type: 'streams.activate.v1', id }, 1_000);
  return state;
};

const enable = (state: StreamsState, ...metrics: string[]) =>
  monitoringReducers['streams.enable-shard-metrics.v1'](
    state,
    { type: 'streams.enable-shard-metrics.v1', id, metrics },
    0,
  );

const disable = (state: StreamsState, ...metrics: string[]) =>
  monitoringReducers['streams.disable-shard-metrics.v1'](
    state,
    { type: 'streams.disable-shard-metrics.v1', id, metrics },
    0,
  );

test('shard metrics add up, and go one by one', () => {
  const state = anActiveStream();
  enable(state, 'OutgoingBytes', 'IncomingBytes');
  enable(state, 'IncomingBytes', 'IncomingRecords');
  assert.deepEqual(state.get(id)?.shardMetrics, ['IncomingBytes', 'IncomingRecords', 'OutgoingBytes']);
  disable(state, 'IncomingRecords', 'IteratorAgeMilliseconds');
  assert.deepEqual(state.get(id)?.shardMetrics, ['IncomingBytes', 'OutgoingBytes']);
});

test('a stream that is not active keeps its shard metrics as they are', () => {
  const state = anActiveStream();
  streamsReducers['streams.mark-deleting.v1'](state, { type: 'streams.mark-deleting.v1', id }, 0);
  assert.deepEqual(enable(state, 'IncomingBytes'), { reason: 'wrong-status', status: 'DELETING' });
});

test('shard metrics come back from the snapshot, and no member tells of none', () => {
  const state = anActiveStream();
  for (const change of [() => enable(state, 'IncomingBytes'), () => disable(state, 'IncomingBytes')]) {
    change();
    const stream = state.get(id);
    assert.ok(stream);
    const written = JSON.parse(JSON.stringify(streamToSnapshot(stream)));
    assert.deepEqual(streamFromSnapshot(written), stream);
  }
  assert.equal(Object.hasOwn(state.get(id) ?? {}, 'shardMetrics'), false);
});
