import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEngine, LogErrorCode } from '@millrace/log';
import { LogError } from '@millrace/log';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

const recordsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    PartitionKey: `k${index}`,
    Data: Buffer.from(`v${index}`),
  }));

const shardIdOf = (index: number) => `shardId-${String(index).padStart(12, '0')}`;

test('answers stand in the order of the request and lead to the records', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', { shards: 4 });
  const records = recordsOf(500);
  const { FailedRecordCount, Records } = await world.call('PutRecords', { StreamName, Records: records });
  assert.equal(FailedRecordCount, 0);
  const byNumber = new Map<string | undefined, string>();
  for (let shard = 0; shard < 4; shard++) {
    const ShardIterator = await world.iteratorOf(StreamName, { ShardId: shardIdOf(shard) });
    for (const record of (await world.call('GetRecords', { ShardIterator })).Records) {
      byNumber.set(record.SequenceNumber, Buffer.from(record.Data).toString());
    }
  }
  assert.deepEqual(
    Records.map(({ SequenceNumber }) => byNumber.get(SequenceNumber)),
    records.map(({ Data }) => Data.toString()),
  );
});

test('records of one shard keep the order of the request', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  await world.call('PutRecords', { StreamName, Records: recordsOf(20) });
  assert.deepEqual(
    await world.readFrom(StreamName),
    recordsOf(20).map(({ Data }) => Data.toString()),
  );
});

test('there is one append per shard, all in one call', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', { shards: 3 });
  const appendAll = world.engine.appendAll.bind(world.engine);
  const calls: string[][] = [];
  world.engine.appendAll = (appends, options) => {
    calls.push(appends.map(({ log }) => log));
    return appendAll(appends, options);
  };
  await world.call('PutRecords', { StreamName, Records: recordsOf(100) });
  assert.equal(calls.length, 1);
  assert.deepEqual([calls[0]?.length, new Set(calls[0]).size], [3, 3]);
});

const failShard = (engine: LogEngine, shardIndex: number, code: LogErrorCode): void => {
  const appendAll = engine.appendAll.bind(engine);
  engine.appendAll = async (appends, options) => {
    const outcomes = await appendAll(appends, options);
    return outcomes.map((outcome, place) =>
      appends[place]?.log.endsWith(`-${shardIndex}`) ? new LogError(code, 'made up') : outcome,
    );
  };
};

test('a shard that cannot keep up fails its own records alone', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', { shards: 2 });
  failShard(world.engine, 1, 'overloaded');
  const records = [0, 1, 0, 1].map((shard) => ({
    PartitionKey: 'a',
    Data: Buffer.alloc(1),
    ExplicitHashKey: shard === 0 ? '0' : '340282366920938463463374607431768211455',
  }));
  const { FailedRecordCount, Records } = await world.call('PutRecords', { StreamName, Records: records });
  assert.equal(FailedRecordCount, 2);
  assert.deepEqual(
    Records.map(({ ShardId, ErrorCode }) => ShardId ?? ErrorCode),
    [
      'shardId-000000000000',
      'ProvisionedThroughputExceededException',
      'shardId-000000000000',
      'ProvisionedThroughputExceededException',
    ],
  );
  assert.equal(
    Records[1]?.ErrorMessage,
    `Rate exceeded for shard shardId-000000000001 in stream orders under account ${ACCOUNT}.`,
  );
});

const INTERNAL: readonly (readonly [code: LogErrorCode, events: readonly string[]])[] = [
  ['corrupt', ['append-failed']],
  ['failed', []],
];

for (const [code, events] of INTERNAL) {
  test(`an append that ends with '${code}' fails its records with an internal failure, and ${events.length} events tell of it`, async () => {
    await using world = await aWorld();
    const StreamName = await world.aStream();
    failShard(world.engine, 0, code);
    const { FailedRecordCount, Records } = await world.call('PutRecords', {
      StreamName,
      Records: recordsOf(1),
    });
    assert.equal(FailedRecordCount, 1);
    assert.deepEqual(Records, [{ ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' }]);
    assert.deepEqual(
      world.events.map(({ type }) => type),
      events,
    );
  });
}

test('a full disk is told as a throttle that says what is missing', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  failShard(world.engine, 0, 'full');
  const { Records } = await world.call('PutRecords', { StreamName, Records: recordsOf(1) });
  assert.deepEqual(Records, [
    {
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: `No space is left on the server's disk for shard shardId-000000000000 in stream orders under account ${ACCOUNT}.`,
    },
  ]);
});

test('records without a partition key are refused together, by their places', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const Records = [{ Data: Buffer.alloc(0) }, ...recordsOf(1), { Data: Buffer.alloc(0) }];
  await assert.rejects(
    world.call('PutRecords', { StreamName, Records }),
    awsError(
      'ValidationException',
      "2 validation errors detected: Value null at 'records.1.member.partitionKey' failed to satisfy constraint: Member must not be null; Value null at 'records.3.member.partitionKey' failed to satisfy constraint: Member must not be null",
    ),
  );
});

test('one hash key outside the space refuses the whole call', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const ExplicitHashKey = '340282366920938463463374607431768211456';
  const Records = [...recordsOf(1), { PartitionKey: 'a', Data: Buffer.alloc(1), ExplicitHashKey }];
  await assert.rejects(world.call('PutRecords', { StreamName, Records }), {
    code: 'InvalidArgumentException',
    message: /^Invalid ExplicitHashKey\./,
  });
  assert.deepEqual(await world.readFrom(StreamName), []);
});

test('one record above the size of the stream refuses the whole call', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const Records = [...recordsOf(1), { PartitionKey: 'a', Data: Buffer.alloc(1024 * 1024) }];
  await assert.rejects(world.call('PutRecords', { StreamName, Records }), {
    code: 'InvalidArgumentException',
  });
  assert.deepEqual(await world.readFrom(StreamName), []);
});

test('keys and data of a call may have ten mebibytes together', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const Records = Array.from({ length: 10 }, () => ({
    PartitionKey: 'a',
    Data: Buffer.alloc(1024 * 1024 - 1),
  }));
  await world.call('PutRecords', { StreamName, Records });
  const tooMany = [...Records, { PartitionKey: 'a', Data: Buffer.alloc(0) }];
  await assert.rejects(world.call('PutRecords', { StreamName, Records: tooMany }), {
    code: 'InvalidArgumentException',
    message: /10485761 bytes/,
  });
});

test('a dry run says that the records would be taken, and keeps nothing', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  await assert.rejects(world.call('PutRecords', { StreamName, Records: recordsOf(2), DryRun: true }), {
    code: 'DryRunOperationException',
  });
  assert.deepEqual(await world.readFrom(StreamName), []);
});
