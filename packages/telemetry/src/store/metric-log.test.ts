import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk, positionOf } from '@millrace/core';
import { aTelemetry, HOUR_MS, MINUTE_MS, NOON_MS } from '../../test/a-telemetry.ts';
import { METRIC_LOG, writeMetrics } from './metric-log.ts';

type World = Awaited<ReturnType<typeof aTelemetry>>;

const put = ({ call }: World, name: string, value: number) =>
  call('PutMetricData', {
    Namespace: 'App',
    MetricData: [{ MetricName: name, Value: value, Unit: 'Bytes', Dimensions: [{ Name: 'Op', Value: 'x' }] }],
  });

const told = async ({ call }: World, name: string) => {
  const { Datapoints = [] } = await call('GetMetricStatistics', {
    Namespace: 'App',
    MetricName: name,
    Dimensions: [{ Name: 'Op', Value: 'x' }],
    StartTime: NOON_MS - HOUR_MS,
    EndTime: NOON_MS + HOUR_MS,
    Period: 60,
    ExtendedStatistics: ['p50'],
  });
  return Datapoints;
};

test('an orderly restart loses nothing, percentiles included', async () => {
  const disk = new MemoryDisk();
  const before = await aTelemetry({ disk });
  for (const value of [1, 2, 3]) await put(before, 'm', value);
  const expected = await told(before, 'm');
  assert.equal(expected.length, 1);
  await before.close();
  const after = await aTelemetry({ disk });
  assert.deepEqual(await told(after, 'm'), expected);
  await after.close();
});

test('a crash loses five minutes at the most', async () => {
  const disk = new MemoryDisk();
  const before = await aTelemetry({ disk });
  await put(before, 'early', 1);
  before.clock.advance(5 * MINUTE_MS);
  // The block and the end of the copy that the clock has begun.
  await before.engine.waitForMore(METRIC_LOG, positionOf(1), AbortSignal.any([]));
  await put(before, 'late', 1);
  await before.crash();
  const after = await aTelemetry({ disk, clock: before.clock });
  assert.equal((await told(after, 'early')).length, 1);
  assert.deepEqual(await told(after, 'late'), []);
  await after.close();
});

test('a copy that a crash cut short is passed over for the whole one before it', async () => {
  const disk = new MemoryDisk();
  const before = await aTelemetry({ disk });
  await put(before, 'm', 1);
  await writeMetrics(before.engine, before.deps.store);
  await before.engine.append(METRIC_LOG, [{ key: '0', value: Buffer.from('{"cut') }]);
  await before.crash();
  const after = await aTelemetry({ disk });
  assert.equal((await told(after, 'm')).length, 1);
  await after.close();
});

test('a store of many blocks comes back whole, and old copies are let go', async () => {
  const disk = new MemoryDisk();
  const before = await aTelemetry({ disk });
  for (let page = 0; page < 3; page++) {
    const MetricData = Array.from({ length: 1_000 }, (_, index) => ({
      MetricName: `m${page * 1_000 + index}`,
      Value: index,
    }));
    await before.call('PutMetricData', { Namespace: 'App', MetricData });
  }
  for (let copy = 0; copy < 3; copy++) await writeMetrics(before.engine, before.deps.store);
  const { start, end } = await before.engine.bounds(METRIC_LOG);
  assert.ok(end - start > 2 && end - start < end / 2, `${start} to ${end}`);
  const { pointCount } = before.deps.store;
  await before.close();
  const after = await aTelemetry({ disk });
  assert.equal(after.deps.store.pointCount, pointCount);
  await after.close();
});

test('metrics that cannot be read are told of, and the server starts without them', async () => {
  const disk = new MemoryDisk();
  const before = await aTelemetry({ disk });
  await before.engine.append(METRIC_LOG, [
    { key: '0', value: Buffer.from('no JSON') },
    { key: 'end1', value: new Uint8Array(0) },
  ]);
  await before.crash();
  const events: string[] = [];
  const after = await aTelemetry({ disk, onEvent: ({ type }) => void events.push(type) });
  assert.deepEqual(events, ['metrics-not-read']);
  await after.close();
});
