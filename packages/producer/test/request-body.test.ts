import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { type CreateProducerOptions, createProducer, type UserRecord } from '@millrace/producer';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const FIRST_SHARD = 'shardId-000000000000';

interface Call {
  readonly headers: IncomingHttpHeaders;
  readonly body: { StreamName: string; Records: Record<string, string>[] };
}

/** A stream of one shard that takes everything, and what it was asked to put. */
const aService = async (t: TestContext): Promise<{ endpoint: string; calls: Call[] }> => {
  const calls: Call[] = [];
  const HashKeyRange = { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) };
  const shards = { Shards: [{ ShardId: FIRST_SHARD, HashKeyRange }] };
  const server = createServer(async (request, response) => {
    const { headers } = request;
    const isPut = headers['x-amz-target'] === 'Kinesis_20131202.PutRecords';
    const body = JSON.parse(await text(request));
    if (isPut) calls.push({ headers, body });
    const put = () => body.Records.map(() => ({ ShardId: FIRST_SHARD, SequenceNumber: '1' }));
    response.end(JSON.stringify(isPut ? { FailedRecordCount: 0, Records: put() } : shards));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  return { endpoint: `http://127.0.0.1:${address.port}`, calls };
};

const putAll = async (options: Partial<CreateProducerOptions>, records: readonly UserRecord[]) => {
  const given = { streamName: 'orders', region: 'us-east-1', aggregation: false, recordBufferedMsMax: 10 };
  await using producer = createProducer({ ...given, ...options });
  await Promise.all(records.map((record) => producer.put(record)));
};

const ODD: readonly UserRecord[] = [
  { partitionKey: '"quoted" \\ \n\u0000\u2028', data: Buffer.alloc(0) },
  {
    partitionKey: 'çß漢🙂',
    explicitHashKey: '170141183460469231731687303715884105728',
    data: Buffer.of(255),
  },
  { partitionKey: '\ud83d'.repeat(256), data: Buffer.from('a view of more').subarray(2, 9) },
  { partitionKey: 'words', data: new Uint8Array(new Uint16Array([1, 2, 3]).buffer, 1, 4) },
];

const entryOf = ({ partitionKey, explicitHashKey, data }: UserRecord) => ({
  PartitionKey: partitionKey,
  Data: Buffer.from(data).toString('base64'),
  ...(explicitHashKey !== undefined && { ExplicitHashKey: explicitHashKey }),
});

for (const own of [true, false]) {
  test(`whatever a record holds reaches the service as it is, by ${own ? 'its own client' : 'one that is given'}`, async (t) => {
    const { endpoint, calls } = await aService(t);
    const requestHandler = new NodeHttpHandler();
    const client = new KinesisClient({
      endpoint,
      credentials,
      requestHandler,
      region: 'us-east-1',
      maxAttempts: 1,
    });
    t.after(() => client.destroy());
    await putAll(own ? { endpoint, credentials } : { client }, ODD);
    const entries = calls.flatMap(({ body }) => body.Records);
    assert.deepEqual(entries, ODD.map(entryOf));
    for (const { headers, body } of calls) {
      assert.equal(body.StreamName, 'orders');
      assert.equal(headers['content-type'], 'application/x-amz-json-1.1');
      assert.match(headers.authorization ?? '', /Credential=AKIDEXAMPLE\/\d+\/us-east-1\/kinesis/);
    }
  });
}
