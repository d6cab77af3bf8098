import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startingSequence } from '../../test/sequence.ts';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

const SHARD = 'shardId-000000000000';
const WHERE = `stream orders under account ${ACCOUNT}`;
const invalid = (message: string) => awsError('InvalidArgumentException', message);

/** Three records, one second apart. */
const aFilledStream = async () => {
  const world = await aWorld();
  const name = await world.aStream();
  const records = [];
  for (const text of ['a', 'b', 'c']) {
    world.clock.advance(1_000);
    records.push({ text, timeMs: world.clock.now(), ...(await world.putAll(name, [text]))[0] });
  }
  const [a, b, c] = records;
  assert.ok(a && b && c);
  return { world, name, a, b, c, [Symbol.asyncDispose]: world.close };
};

test('TRIM_HORIZON starts with the oldest record', async () => {
  await using filled = await aFilledStream();
  const texts = await filled.world.readFrom(filled.name, { ShardIteratorType: 'TRIM_HORIZON' });
  assert.deepEqual(texts, ['a', 'b', 'c']);
});

test('LATEST is fixed when it is issued, not when it is used', async () => {
  await using filled = await aFilledStream();
  const { world, name } = filled;
  const ShardIterator = await world.iteratorOf(name, { ShardIteratorType: 'LATEST' });
  await world.putAll(name, ['d']);
  const { Records } = await world.call('GetRecords', { ShardIterator });
  assert.deepEqual(
    Records.map(({ PartitionKey }) => PartitionKey),
    ['d'],
  );
});

test('AT_SEQUENCE_NUMBER starts with the record, AFTER_SEQUENCE_NUMBER with the next', async () => {
  await using filled = await aFilledStream();
  const { world, name, b } = filled;
  const from = (ShardIteratorType: 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER') =>
    world.readFrom(name, { ShardIteratorType, StartingSequenceNumber: b.SequenceNumber });
  assert.deepEqual(await from('AT_SEQUENCE_NUMBER'), ['b', 'c']);
  assert.deepEqual(await from('AFTER_SEQUENCE_NUMBER'), ['c']);
});

test('the starting number of the shard starts with the first record', async () => {
  await using filled = await aFilledStream();
  const { world, name } = filled;
  const { Shards } = await world.call('ListShards', { StreamName: name });
  const StartingSequenceNumber = Shards?.[0]?.SequenceNumberRange.StartingSequenceNumber;
  for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
    const texts = await world.readFrom(name, { ShardIteratorType, StartingSequenceNumber });
    assert.deepEqual(texts, ['a', 'b', 'c']);
  }
});

test('AT_TIMESTAMP starts with the first record of that time or later', async () => {
  await using filled = await aFilledStream();
  const { world, name, b } = filled;
  const from = (Timestamp: number) => world.readFrom(name, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp });
  assert.deepEqual(await from(b.timeMs), ['b', 'c']);
  assert.deepEqual(await from(b.timeMs + 1), ['c']);
  assert.deepEqual(await from(b.timeMs - 3_600_000_000), ['a', 'b', 'c']);
});

test('a number above all records, as after a power loss, goes on with the next record that comes', async () => {
  await using filled = await aFilledStream();
  const { world, name, c } = filled;
  const lost = String(BigInt(c.SequenceNumber ?? '') + (7n << 80n));
  const ShardIterator = await world.iteratorOf(name, {
    ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
    StartingSequenceNumber: lost,
  });
  await world.putAll(name, ['d']);
  const { Records } = await world.call('GetRecords', { ShardIterator });
  assert.deepEqual(
    Records.map(({ PartitionKey }) => PartitionKey),
    ['d'],
  );
});

test('a shard may be named in any form that AWS resolves', async () => {
  await using filled = await aFilledStream();
  for (const ShardId of ['0', 'shardId-0', 'x-0']) {
    assert.equal((await filled.world.readFrom(filled.name, { ShardId })).length, 3);
  }
});

test('an id that is no shard id is refused before the stream is looked for', async () => {
  await using world = await aWorld();
  await assert.rejects(
    world.iteratorOf('orders', { ShardId: 'shardId-' }),
    awsError('ResourceNotFoundException', `Could not find shard shardId- in ${WHERE}.`),
  );
});

test('a shard or stream that is not there is named in full', async () => {
  await using world = await aWorld();
  const missing = (shard: string) =>
    awsError('ResourceNotFoundException', `Shard ${shard} in ${WHERE} does not exist`);
  await assert.rejects(world.iteratorOf('orders', { ShardId: '0' }), missing(SHARD));
  const release = world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await assert.rejects(world.iteratorOf('orders', { ShardId: '0' }), missing(SHARD));
  release();
  await world.untilStatus('orders', 'ACTIVE');
  await assert.rejects(world.iteratorOf('orders', { ShardId: '1' }), missing('shardId-000000000001'));
});

const disagree = (type: string, given: string) =>
  `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${given} StartingSequenceNumber.`;

test('type and number must fit each other', async () => {
  await using filled = await aFilledStream();
  const { world, name, a } = filled;
  for (const type of ['TRIM_HORIZON', 'LATEST'] as const) {
    const input = { ShardIteratorType: type, StartingSequenceNumber: a.SequenceNumber };
    await assert.rejects(world.iteratorOf(name, input), invalid(disagree(type, 'also a')));
  }
  for (const type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
    await assert.rejects(world.iteratorOf(name, { ShardIteratorType: type }), invalid(disagree(type, 'no')));
  }
});

const refusedNumbers: readonly [string, (own: string) => string, (number: string) => object][] = [
  [
    'that is unreadable',
    () => String(2n ** 150n),
    (number) =>
      invalid(
        `StartingSequenceNumber ${number} used in GetShardIterator on shard ${SHARD} in ${WHERE} is invalid.`,
      ),
  ],
  [
    'of another shard',
    () => startingSequence({ index: 3 }),
    () =>
      invalid(
        `Invalid StartingSequenceNumber. It encodes shardId-000000000003, while it was used in a call to a shard with ${SHARD}`,
      ),
  ],
  [
    'of an earlier stream',
    () => startingSequence({ index: 0 }),
    (number) =>
      invalid(
        `StartingSequenceNumber ${number} used in GetShardIterator on shard ${SHARD} in ${WHERE} is invalid because it did not come from this stream.`,
      ),
  ],
  [
    'of version 1',
    (own) => String(BigInt(own) - 1n),
    (number) =>
      invalid(
        `StartingSequenceNumber ${number} used in GetShardIterator on shard ${SHARD} in ${WHERE} is invalid because it did not come from this stream.`,
      ),
  ],
  ['of version 0', () => '0', () => ({ code: 'InternalFailure', status: 500, message: '' })],
  [
    'of version 0 and another shard',
    () => '5',
    () =>
      invalid(
        `Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it was used in a call to a shard with ${SHARD}`,
      ),
  ],
];

for (const [what, numberFrom, expected] of refusedNumbers) {
  test(`a number ${what} is refused`, async () => {
    await using filled = await aFilledStream();
    const StartingSequenceNumber = numberFrom(filled.a.SequenceNumber ?? '');
    const input = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber } as const;
    await assert.rejects(filled.world.iteratorOf(filled.name, input), expected(StartingSequenceNumber));
  });
}

test('AT_TIMESTAMP needs a time that is not in the future', async () => {
  await using filled = await aFilledStream();
  const { world, name } = filled;
  const now = world.clock.now();
  await assert.rejects(
    world.iteratorOf(name, { ShardIteratorType: 'AT_TIMESTAMP' }),
    invalid(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    ),
  );
  await assert.rejects(
    world.iteratorOf(name, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: now + 1 }),
    invalid(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${now + 1}, currentTimestampInMillis: ${now}`,
    ),
  );
});

test('a dry run says that there would be an iterator', async () => {
  await using filled = await aFilledStream();
  await assert.rejects(filled.world.iteratorOf(filled.name, { DryRun: true }), {
    code: 'DryRunOperationException',
  });
});
