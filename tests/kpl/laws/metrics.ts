import assert from 'node:assert/strict';
import type { Law } from '../producers.ts';
import { type KplWorld, poll } from '../world.ts';
import { manyRecords } from './records.ts';

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=ab12';
const HOUR_MS = 3_600_000;

/** The sum of a metric of the library, of one stream, from CloudWatch's API. */
const sumOf = async ({ server }: KplWorld, metric: string, stream: string): Promise<number> => {
  const nowMs = Date.now();
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { authorization: AUTHORIZATION, 'x-amz-date': '20260101T000000Z' },
    body: new URLSearchParams({
      Version: '2010-08-01',
      Action: 'GetMetricStatistics',
      Namespace: 'KinesisProducerLibrary',
      MetricName: metric,
      'Dimensions.member.1.Name': 'StreamName',
      'Dimensions.member.1.Value': stream,
      StartTime: new Date(nowMs - HOUR_MS).toISOString(),
      EndTime: new Date(nowMs + HOUR_MS).toISOString(),
      Period: '60',
      'Statistics.member.1': 'Sum',
    }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return [...text.matchAll(/<Sum>([\d.]+)<\/Sum>/g)].reduce((sum, [, value]) => sum + Number(value), 0);
};

export const metrics: Readonly<Record<string, Law>> = {
  'its metrics reach CloudWatch on the same port': async (world) => {
    await world.createStream('measured', 2);
    await world.driver.put('trusting', 'measured', manyRecords(100));
    for (const metric of ['UserRecordsReceived', 'UserRecordsPut']) {
      const sum = await poll(metric, async () => (await sumOf(world, metric, 'measured')) || undefined);
      assert.equal(sum, 100, metric);
    }
  },
};
