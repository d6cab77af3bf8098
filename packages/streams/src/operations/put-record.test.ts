import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogError, type LogErrorCode } from '@millrace/log';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

const Data = Buffer.from('hello');
const invalid = (message: string) => awsError('InvalidArgumentException', message);

test('a record is read back with its key, data, number and time', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const { SequenceNumber, ShardId } = await world.call('PutRecord', { StreamName, PartitionKey: 'a', Data });
  assert.equal(ShardId, 'shardId-000000000000');
  assert.equal(SequenceNumber.length, 56);
  const { Records } = await world.call('GetRecords', { ShardIterator: await world.iteratorOf(StreamName) });
  assert.deepEqual(Records, [
    {
      SequenceNumber,
      ApproximateArrivalTimestamp: world.clock.now(),
      Data: Uint8Array.from(Data),
      PartitionKey: 'a',
    },
  ]);
});

test('sequence numbers of a shard rise', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const records = await world.putAll(name, ['a', 'b', 'c']);
  const numbers = records.map(({ SequenceNumber }) => BigInt(SequenceNumber));
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => (a < b ? -1 : 1)),
  );
  assert.equal(new Set(numbers).size, 3);
});

test('the explicit hash key decides over the partition key', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', { shards: 2 });
  const put = (ExplicitHashKey: string) =>
    world.call('PutRecord', { StreamName, PartitionKey: 'a', Data, ExplicitHashKey });
  assert.equal((await put('0')).ShardId, 'shardId-000000000000');
  assert.equal((await put('170141183460469231731687303715884105727')).ShardId, 'shardId-000000000000');
  assert.equal((await put('170141183460469231731687303715884105728')).ShardId, 'shardId-000000000001');
  assert.equal((await put('340282366920938463463374607431768211455')).ShardId, 'shardId-000000000001');
});

test('an explicit hash key outside the space is refused', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const ExplicitHashKey = '340282366920938463463374607431768211456';
  await assert.rejects(
    world.call('PutRecord', { StreamName, PartitionKey: 'a', Data, ExplicitHashKey }),
    invalid(
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
    ),
  );
});

test('a record without a partition key is refused in the form of the model', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  await assert.rejects(
    world.call('PutRecord', { StreamName, Data }),
    awsError(
      'ValidationException',
      "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null",
    ),
  );
});

test('data and partition key together may be as large as the stream takes', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const put = (bytes: number) =>
    world.call('PutRecord', { StreamName, PartitionKey: 'éé', Data: Buffer.alloc(bytes) });
  await put(1024 * 1024 - 4);
  await assert.rejects(put(1024 * 1024 - 3), {
    code: 'InvalidArgumentException',
    message: /1048577 bytes .* larger than the 1048576 bytes/,
  });
});

test('the number of the record before is taken', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const [first] = await world.putAll(StreamName, ['a']);
  const { SequenceNumber } = await world.call('PutRecord', {
    StreamName,
    PartitionKey: 'a',
    Data,
    SequenceNumberForOrdering: first?.SequenceNumber,
  });
  assert.ok(BigInt(SequenceNumber) > BigInt(first?.SequenceNumber ?? ''));
});

test('an ordering number that is unreadable or from the future is refused', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  world.clock.advance(5_000);
  const [future] = await world.putAll(StreamName, ['a']);
  world.clock.advance(-5_000);
  for (const number of [future?.SequenceNumber ?? '', '9'.repeat(129), String(2n ** 130n)]) {
    await assert.rejects(
      world.call('PutRecord', {
        StreamName,
        PartitionKey: 'a',
        Data,
        SequenceNumberForOrdering: number,
      }),
      invalid(
        `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on stream orders under account ${ACCOUNT} is invalid.`,
      ),
    );
  }
});

test('a stream that is not ready yet, or going, is not there for a writer', async () => {
  await using world = await aWorld();
  const input = { StreamName: 'orders', PartitionKey: 'a', Data };
  const notFound = awsError('ResourceNotFoundException', `Stream orders under account ${ACCOUNT} not found.`);
  await assert.rejects(world.call('PutRecord', input), notFound);
  const release = world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await assert.rejects(world.call('PutRecord', input), notFound);
  release();
  await world.untilStatus('orders', 'ACTIVE');
  world.holdLogs();
  await world.call('DeleteStream', { StreamName: 'orders' });
  await assert.rejects(world.call('PutRecord', input), notFound);
});

const failures: readonly [LogErrorCode, object][] = [
  [
    'overloaded',
    awsError(
      'ProvisionedThroughputExceededException',
      `Rate exceeded for shard shardId-000000000000 in stream orders under account ${ACCOUNT}.`,
    ),
  ],
  [
    'full',
    awsError(
      'ProvisionedThroughputExceededException',
      `No space is left on the server's disk for shard shardId-000000000000 in stream orders under account ${ACCOUNT}.`,
    ),
  ],
  ['no-such-log', awsError('ResourceNotFoundException', `Stream orders under account ${ACCOUNT} not found.`)],
  [
    'failed',
    {
      code: 'ServiceUnavailable',
      status: 503,
      message: 'The server has stopped writing; its /health page says why.',
    },
  ],
  ['corrupt', { name: 'LogError', code: 'corrupt' }],
];

for (const [code, expected] of failures) {
  test(`an append that ends with '${code}' is answered as what it means`, async () => {
    await using world = await aWorld();
    const StreamName = await world.aStream();
    world.engine.append = () => Promise.reject(new LogError(code, 'made up'));
    await assert.rejects(world.call('PutRecord', { StreamName, PartitionKey: 'a', Data }), expected);
  });
}

test('a dry run says that the record would be taken, and keeps nothing', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  await assert.rejects(world.call('PutRecord', { StreamName, PartitionKey: 'a', Data, DryRun: true }), {
    code: 'DryRunOperationException',
  });
  assert.deepEqual(await world.readFrom(StreamName), []);
});
