import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anIdentity, aTelemetry } from '../../test/a-telemetry.ts';

const LABELS = 'account="123456789012",region="eu-west-1",stream="orders"';

test('bytes and counts are counters, times are summaries in seconds, ages the last one', async () => {
  const { meter, prometheus } = await aTelemetry();
  const report = (name: string, unit: 'Bytes' | 'Count' | 'Milliseconds', ...values: number[]) => {
    const measure = meter.measure(anIdentity(name, { unit }));
    for (const value of values) measure.observe(value);
  };
  report('IncomingBytes', 'Bytes', 5, 7);
  report('PutRecords.ThrottledRecords', 'Count', 1);
  report('PutRecord.Latency', 'Milliseconds', 250, 500);
  report('GetRecords.IteratorAgeMilliseconds', 'Milliseconds', 9_000, 1_500);
  assert.equal(
    prometheus(),
    [
      '# HELP millrace_stream_incoming_bytes_total IncomingBytes of AWS/Kinesis',
      '# TYPE millrace_stream_incoming_bytes_total counter',
      `millrace_stream_incoming_bytes_total{${LABELS}} 12`,
      '# HELP millrace_stream_put_records_throttled_records_total PutRecords.ThrottledRecords of AWS/Kinesis',
      '# TYPE millrace_stream_put_records_throttled_records_total counter',
      `millrace_stream_put_records_throttled_records_total{${LABELS}} 1`,
      '# HELP millrace_stream_put_record_latency_seconds PutRecord.Latency of AWS/Kinesis',
      '# TYPE millrace_stream_put_record_latency_seconds summary',
      `millrace_stream_put_record_latency_seconds_sum{${LABELS}} 0.75`,
      `millrace_stream_put_record_latency_seconds_count{${LABELS}} 2`,
      '# HELP millrace_stream_get_records_iterator_age_seconds GetRecords.IteratorAgeMilliseconds of AWS/Kinesis',
      '# TYPE millrace_stream_get_records_iterator_age_seconds gauge',
      `millrace_stream_get_records_iterator_age_seconds{${LABELS}} 1.5`,
      '',
    ].join('\n'),
  );
});

test('metrics of shards and consumers have families of their own, so that sums count nothing twice', async () => {
  const { meter, prometheus } = await aTelemetry();
  for (const dimension of [[], [['ShardId', 's-1']], [['ConsumerName', 'c']]] as const) {
    const dimensions = [['StreamName', 'orders'] as const, ...dimension];
    meter.measure(anIdentity('IncomingBytes', { dimensions })).observe(1);
  }
  const names = [...prometheus().matchAll(/^millrace_\w+/gm)].map(([name]) => name);
  assert.deepEqual(names, [
    'millrace_stream_incoming_bytes_total',
    'millrace_shard_incoming_bytes_total',
    'millrace_consumer_incoming_bytes_total',
  ]);
});

test('quotes, backslashes and line ends in labels are escaped', async () => {
  const { meter, prometheus } = await aTelemetry();
  meter.measure(anIdentity('IncomingBytes', { dimensions: [['StreamName', 'a"\\\nb']] })).observe(1);
  assert.match(prometheus(), /stream="a\\"\\\\\\nb"/);
});

test('what is known of the process comes after the metrics', async () => {
  const { prometheus } = await aTelemetry();
  const help = 'Resident memory';
  assert.equal(
    prometheus([{ name: 'process_resident_memory_bytes', type: 'gauge', help, value: 42 }]),
    '# HELP process_resident_memory_bytes Resident memory\n# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 42\n',
  );
});
