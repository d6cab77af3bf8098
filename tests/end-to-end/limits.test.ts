import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  DescribeLimitsCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { type Settings, start } from '@millrace/server';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

const aClient = async (t: TestContext, settings: Partial<Settings>) => {
  const server = await start({ stream: [{ name: 'orders', shardCount: 1 }], ...settings });
  t.after(() => server.close());
  const { endpoint } = server;
  const kinesis = new KinesisClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  t.after(() => kinesis.destroy());
  return kinesis;
};

const Records = Array.from({ length: 500 }, () => ({ PartitionKey: 'k', Data: Buffer.from('v') }));

test('with AWS’s limits an SDK meets its throttles: too many records, too many calls', async (t) => {
  const kinesis = await aClient(t, { limits: 'aws', limit: [['shard-write-records-per-second', 500]] });
  await kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
  const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
  assert.ok((answer.FailedRecordCount ?? 0) > 0);
  const failed = answer.Records?.find(({ ErrorCode }) => ErrorCode !== undefined);
  assert.equal(failed?.ErrorCode, 'ProvisionedThroughputExceededException');
  const lists = Array.from({ length: 20 }, () => kinesis.send(new ListStreamsCommand({})));
  const results = await Promise.allSettled(lists);
  const refused = results.filter((result) => result.status === 'rejected');
  assert.ok(refused.length > 0 && refused.length <= 15);
  assert.equal(refused[0]?.reason.name, 'LimitExceededException');
});

test('without limits nobody is refused', async (t) => {
  const kinesis = await aClient(t, {});
  for (let count = 0; count < 5; count++) {
    const answer = await kinesis.send(new PutRecordsCommand({ StreamName: 'orders', Records }));
    assert.equal(answer.FailedRecordCount, 0);
  }
  await Promise.all(Array.from({ length: 20 }, () => kinesis.send(new ListStreamsCommand({}))));
});

test('one bound alone holds where the others do not', async (t) => {
  const kinesis = await aClient(t, { limit: [['shard-write-bytes-per-second', 1_000]] });
  const put = (bytes: number) =>
    kinesis.send(
      new PutRecordCommand({ StreamName: 'orders', PartitionKey: 'k', Data: Buffer.alloc(bytes) }),
    );
  await put(900);
  await assert.rejects(put(900), { name: 'ProvisionedThroughputExceededException' });
  for (let count = 0; count < 10; count++) await kinesis.send(new DescribeLimitsCommand({}));
});
