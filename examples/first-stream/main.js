// A stream from nothing to read back, with the AWS SDK as it is: only the endpoint says that this is Millrace.
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';

const kinesis = new KinesisClient({
  endpoint: process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4567',
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});
const StreamName = `orders-${Date.now()}`;

await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
await waitUntilStreamExists({ client: kinesis, minDelay: 1, maxWaitTime: 10 }, { StreamName });

const customers = ['ada', 'grace', 'edsger'];
const answer = await kinesis.send(
  new PutRecordsCommand({
    StreamName,
    Records: Array.from({ length: 9 }, (_, number) => ({
      PartitionKey: customers[number % customers.length],
      Data: new TextEncoder().encode(
        JSON.stringify({ order: number, customer: customers[number % customers.length] }),
      ),
    })),
  }),
);
console.log(`${answer.Records.length} orders put, ${answer.FailedRecordCount} refused`);

// The orders of one customer are in one shard, in the order in which they were put.
const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName }));
for (const { ShardId } of Shards) {
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
  for (const { Data, PartitionKey } of Records)
    console.log(ShardId, PartitionKey, new TextDecoder().decode(Data));
}
kinesis.destroy();
