import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricDataInput, MetricName } from '@millrace/producer';
import { aProducer } from './a-producer.ts';

const nameOf = ({ MetricName: name, Dimensions }: MetricDataInput['MetricData'][number]): string =>
  [name, ...Dimensions.map(({ Value }) => Value)].join(' ');

const collect = (): { inputs: MetricDataInput[]; metricSink: (input: MetricDataInput) => Promise<void> } => {
  const inputs: MetricDataInput[] = [];
  return { inputs, metricSink: async (input) => void inputs.push(input) };
};

test('after a minute the metrics go to the sink, each for all, for the stream and for the shard', async () => {
  const { inputs, metricSink } = collect();
  const { clock, put } = await aProducer({ metricSink });
  for (const key of ['ada', 'grace']) void put(key);
  await clock.advance(59_990);
  assert.equal(inputs.length, 0);
  await clock.advance(10);
  const [input] = inputs;
  assert.equal(input?.Namespace, 'KinesisProducerLibrary');
  const put2 = input.MetricData.filter(({ MetricName: name }) => name === 'UserRecordsPut');
  assert.deepEqual(put2.map(nameOf), [
    'UserRecordsPut',
    'UserRecordsPut orders',
    'UserRecordsPut orders shardId-000000000000',
  ]);
  for (const { StatisticValues, Unit } of put2) {
    assert.deepEqual(StatisticValues, { SampleCount: 2, Sum: 2, Minimum: 1, Maximum: 1 });
    assert.equal(Unit, 'Count');
  }
});

test('failures count as 0, and errors by their code', async () => {
  const { inputs, metricSink } = collect();
  const options = { metricSink, metricsGranularity: 'global', recordTtlMs: 200 } as const;
  const { clock, put } = await aProducer(options, { faults: { refused: 1 } });
  put('ada').catch(() => {});
  await clock.advance(60_000);
  const values = Object.fromEntries(
    (inputs[0]?.MetricData ?? []).map((datum) => [nameOf(datum), datum.StatisticValues.Sum]),
  );
  assert.equal(values.UserRecordsPut, 0);
  assert.equal(values.UserRecordExpired, 1);
  assert.equal(values.AllErrors, values['ErrorsByCode ECONNREFUSED']);
});

test('the summary leaves details out, and without a level nothing is sent', async () => {
  const { inputs, metricSink } = collect();
  const summary = await aProducer({ metricSink, metricsLevel: 'summary' });
  void summary.put('ada');
  await summary.clock.advance(60_000);
  const names = new Set(inputs[0]?.MetricData.map(({ MetricName: name }) => name));
  assert(names.has('UserRecordsPut') && !names.has('RequestTime'));

  const none = collect();
  const silent = await aProducer({ metricSink: none.metricSink, metricsLevel: 'none' });
  void silent.put('ada');
  await silent.clock.advance(200_000);
  assert.deepEqual(none.inputs, []);
});

test('a second upload tells only what is new; the totals stay readable', async () => {
  const { inputs, metricSink } = collect();
  const { clock, producer, put } = await aProducer({ metricSink, metricsGranularity: 'global' });
  void put('ada');
  await clock.advance(60_000);
  void put('grace');
  await clock.advance(60_000);
  for (const { MetricData } of inputs) {
    const datum = MetricData.find(({ MetricName: name }) => name === 'UserRecordsPut');
    assert.equal(datum?.StatisticValues.Sum, 1);
  }
  const total = producer.metrics().find(({ name }) => name === 'UserRecordsPut');
  assert.equal(total?.statistics.sum, 2);
});

test('closing sends what is left, and a sink that fails does no harm', async () => {
  let calls = 0;
  const metricSink = async (): Promise<void> => {
    calls++;
    throw new Error('no CloudWatch here');
  };
  const { clock, producer, put } = await aProducer({ metricSink });
  const done = put('ada');
  const closed = producer.close();
  await clock.advance(1_000);
  await Promise.all([done, closed]);
  assert.equal(calls, 1);
});

test('an OpenTelemetry meter is told every sample with its shard', async () => {
  const samples: [name: string, value: number, attributes: object][] = [];
  const meter = {
    createHistogram: (name: string) => ({
      record: (value: number, attributes: object) => void samples.push([name, value, attributes]),
    }),
  };
  const { clock, put } = await aProducer({ meter });
  void put('ada');
  await clock.advance(1_000);
  const of = (name: MetricName) => samples.filter(([sampled]) => sampled === name);
  assert.deepEqual(of('UserRecordsPut'), [
    [
      'UserRecordsPut',
      1,
      { 'aws.kinesis.stream_name': 'orders', 'aws.kinesis.shard_id': 'shardId-000000000000' },
    ],
  ]);
  assert.deepEqual(
    of('RequestTime').map(([, value]) => value),
    [10],
  );
});
