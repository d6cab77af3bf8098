import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { start } from '@millrace/server';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=ab12';

/** A server with one stream and three records in it. */
const aWrittenServer = async (t: TestContext) => {
  const server = await start({ stream: [{ name: 'orders', shardCount: 2 }] });
  t.after(() => server.close());
  const kinesis = new KinesisClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  t.after(() => kinesis.destroy());
  const Records = ['a', 'b', 'c'].map((key) => ({ PartitionKey: key, Data: Buffer.from('12345') }));
  await kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
  await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'orders' }));
  return server;
};

const form = async (endpoint: string, fields: Readonly<Record<string, string>>): Promise<string> => {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: AUTHORIZATION, 'x-amz-date': '20260101T000000Z' },
    body: new URLSearchParams({ Version: '2010-08-01', ...fields }),
  });
  return response.text();
};

test('what a stream did is told by CloudWatch’s API on the same port', async (t) => {
  const { endpoint } = await aWrittenServer(t);
  const nowMs = Date.now();
  const answer = await form(endpoint, {
    Action: 'GetMetricStatistics',
    Namespace: 'AWS/Kinesis',
    MetricName: 'IncomingRecords',
    'Dimensions.member.1.Name': 'StreamName',
    'Dimensions.member.1.Value': 'orders',
    StartTime: new Date(nowMs - 600_000).toISOString(),
    EndTime: new Date(nowMs + 60_000).toISOString(),
    Period: '3600',
    'Statistics.member.1': 'Sum',
  });
  assert.match(answer, /<Sum>3<\/Sum><Unit>Count<\/Unit>/);
});

test('GET /metrics is Prometheus’s text, of streams and of the process', async (t) => {
  const { endpoint } = await aWrittenServer(t);
  const response = await fetch(`${endpoint}/metrics`);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  const labels = '\\{account="000000000000",region="us-east-1",stream="orders"\\}';
  assert.match(text, new RegExp(`^millrace_stream_incoming_bytes_total${labels} 18$`, 'm'));
  assert.match(text, /^process_resident_memory_bytes \d{7,}$/m);
  assert.match(text, /^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
});
