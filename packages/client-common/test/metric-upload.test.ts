import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type MetricDataInput,
  type MetricDatum,
  type MetricSample,
  MetricUpload,
  metricData,
  Statistics,
} from '@millrace/client-common';
import { FakeClock } from '@millrace/client-common/testing';

const datum = (name: string): MetricDatum => {
  const statistics = new Statistics();
  statistics.observe(2);
  statistics.observe(4);
  const [made] = metricData([{ name, unit: 'Count', dimensions: [], statistics }], 0);
  assert(made !== undefined);
  return made;
};

const anUpload = (collect: () => MetricDatum[], fails = false) => {
  const clock = new FakeClock();
  const sent: MetricDataInput[] = [];
  const errors: unknown[] = [];
  const upload = new MetricUpload({
    clock,
    namespace: 'orders',
    uploadMs: 1_000,
    collect,
    sink: async (input) => {
      if (fails) throw new Error('no network');
      sent.push(input);
    },
    failed: (error) => errors.push(error),
  });
  upload.start();
  return { clock, upload, sent, errors };
};

test('what was measured is sent from time to time, and what is left at the end', async () => {
  const { clock, upload, sent } = anUpload(() => [datum('Puts')]);
  await clock.advance(2_500);
  assert.equal(sent.length, 2);
  await upload.close();
  assert.equal(sent.length, 3);
  assert.deepEqual(sent[0]?.MetricData[0]?.StatisticValues, {
    SampleCount: 2,
    Sum: 6,
    Minimum: 2,
    Maximum: 4,
  });
  await clock.advance(5_000);
  assert.equal(sent.length, 3, 'nothing after the end');
});

test('samples that their dimensions do not tell apart become one', () => {
  const sample = (name: string, shardId: string, value: number): MetricSample => {
    const statistics = new Statistics();
    statistics.observe(value);
    return { name, unit: 'Bytes', dimensions: [{ Name: 'ShardId', Value: shardId }], statistics };
  };
  const data = metricData([sample('Data', '1', 5), sample('Data', '2', 6), sample('Data', '1', 7)], 1_000);
  assert.deepEqual(
    data.map(({ Dimensions, StatisticValues }) => [Dimensions[0]?.Value, StatisticValues.Sum]),
    [
      ['1', 12],
      ['2', 6],
    ],
  );
});

test('more than PutMetricData takes goes in several calls', async () => {
  const { upload, sent } = anUpload(() => Array.from({ length: 2_001 }, (_, index) => datum(`m${index}`)));
  await upload.close();
  assert.deepEqual(
    sent.map(({ MetricData }) => MetricData.length),
    [1_000, 1_000, 1],
  );
});

test('a failure is told and the next upload comes all the same', async () => {
  const { clock, upload, errors } = anUpload(() => [datum('Puts')], true);
  await clock.advance(2_500);
  await upload.close();
  assert.equal(errors.length, 3);
});
