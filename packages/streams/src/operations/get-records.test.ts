import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogError } from '@millrace/log';
import { ACCOUNT, aWorld, awsError, HOUR_MS } from '../../test/world.ts';

const textsOf = (records: readonly { readonly Data: Uint8Array }[]) =>
  records.map(({ Data }) => Buffer.from(Data).toString());

test('following NextShardIterator reads every record once, in order', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const texts = Array.from({ length: 25 }, (_, index) => `r${index}`);
  await world.putAll(name, texts);
  const seen = [];
  let ShardIterator = await world.iteratorOf(name);
  for (let behind = 1; behind > 0; ) {
    const answer = await world.call('GetRecords', { ShardIterator, Limit: 7 });
    assert.ok(answer.Records.length <= 7);
    seen.push(...textsOf(answer.Records));
    ShardIterator = answer.NextShardIterator ?? '';
    behind = answer.MillisBehindLatest ?? 0;
  }
  assert.deepEqual(seen, texts);
});

test('an open shard always has a next iterator, also without records', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const ShardIterator = await world.iteratorOf(name);
  const { Records, NextShardIterator, MillisBehindLatest } = await world.call('GetRecords', {
    ShardIterator,
  });
  assert.deepEqual([Records, MillisBehindLatest], [[], 0]);
  await world.putAll(name, ['a']);
  const next = await world.call('GetRecords', { ShardIterator: NextShardIterator ?? '' });
  assert.deepEqual(textsOf(next.Records), ['a']);
});

test('an iterator may be used again within its five minutes', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['a']);
  const ShardIterator = await world.iteratorOf(name);
  for (let times = 0; times < 2; times++) {
    const { Records } = await world.call('GetRecords', { ShardIterator });
    assert.deepEqual(textsOf(Records), ['a']);
  }
});

test('every answer has a new iterator with five minutes of its own', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  let ShardIterator = await world.iteratorOf(name);
  for (let minutes = 0; minutes < 20; minutes += 4) {
    world.clock.advance(240_000);
    const { NextShardIterator = '' } = await world.call('GetRecords', { ShardIterator });
    assert.notEqual(NextShardIterator, ShardIterator);
    ShardIterator = NextShardIterator;
  }
});

test('an iterator of more than five minutes has expired', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const ShardIterator = await world.iteratorOf(name);
  world.clock.advance(300_000);
  await world.call('GetRecords', { ShardIterator });
  world.clock.advance(1);
  await assert.rejects(
    world.call('GetRecords', { ShardIterator }),
    awsError(
      'ExpiredIteratorException',
      'Iterator expired. The iterator was created at time Mon Sep 21 14:13:20 UTC 2026 while right now it is Mon Sep 21 14:18:20 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.',
    ),
  );
});

test('a clock that was set back a little does not stop a reader', async () => {
  await using world = await aWorld();
  const ShardIterator = await world.iteratorOf(await world.aStream());
  world.clock.advance(-2_000);
  await world.call('GetRecords', { ShardIterator });
});

test('MillisBehindLatest is the age of the last record read, and 0 only at the end', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['a', 'b']);
  world.clock.advance(90_000);
  const first = await world.call('GetRecords', { ShardIterator: await world.iteratorOf(name), Limit: 1 });
  assert.equal(first.MillisBehindLatest, 90_000);
  const second = await world.call('GetRecords', { ShardIterator: first.NextShardIterator ?? '' });
  assert.equal(second.MillisBehindLatest, 0);
});

test('a reader that is not at the end is never told 0', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['a', 'b']);
  const { MillisBehindLatest } = await world.call('GetRecords', {
    ShardIterator: await world.iteratorOf(name),
    Limit: 1,
  });
  assert.equal(MillisBehindLatest, 1);
});

test('an answer holds ten mebibytes at the most', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  for (let count = 0; count < 11; count++) {
    await world.call('PutRecord', { StreamName, PartitionKey: 'a', Data: Buffer.alloc(1024 * 1024 - 1) });
  }
  const { Records } = await world.call('GetRecords', { ShardIterator: await world.iteratorOf(StreamName) });
  assert.equal(Records.length, 10);
});

test('records past their retention are never served, swept or not', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['old']);
  world.clock.advance(HOUR_MS);
  await world.putAll(name, ['new']);
  const [old] = (await world.call('GetRecords', { ShardIterator: await world.iteratorOf(name) })).Records;
  world.clock.advance(23 * HOUR_MS);
  assert.deepEqual(await world.readFrom(name), ['old', 'new']);
  world.clock.advance(1);
  assert.deepEqual(await world.readFrom(name), ['new']);
  const at = {
    ShardIteratorType: 'AT_SEQUENCE_NUMBER',
    StartingSequenceNumber: old?.SequenceNumber,
  } as const;
  assert.deepEqual(await world.readFrom(name, at), ['new']);
  world.clock.advance(HOUR_MS);
  assert.deepEqual(await world.readFrom(name), []);
});

test('an iterator in quotes is taken, any other text is not', async () => {
  await using world = await aWorld();
  const ShardIterator = await world.iteratorOf(await world.aStream());
  await world.call('GetRecords', { ShardIterator: `"${ShardIterator}"` });
  const texts = ['', '"', '""', 'AAAA', `${ShardIterator}A`, ShardIterator.slice(4), `'${ShardIterator}'`];
  for (const text of texts) {
    await assert.rejects(
      world.call('GetRecords', { ShardIterator: text }),
      awsError('InvalidArgumentException', 'Invalid ShardIterator.'),
    );
  }
});

test('the ARN of another stream than the iterator’s is refused', async () => {
  await using world = await aWorld();
  const ShardIterator = await world.iteratorOf(await world.aStream('orders'));
  await world.aStream('others');
  const arnOf = (name: string) => `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/${name}`;
  await world.call('GetRecords', { ShardIterator, StreamARN: arnOf('orders') });
  await assert.rejects(world.call('GetRecords', { ShardIterator, StreamARN: arnOf('others') }), {
    code: 'InvalidArgumentException',
  });
});

const GONE = awsError(
  'ResourceNotFoundException',
  `Shard shardId-000000000000 in stream orders under account ${ACCOUNT} does not exist`,
);

test('an iterator of a stream that is gone finds nothing, even if the name is used again', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const ShardIterator = await world.iteratorOf(name);
  await world.call('DeleteStream', { StreamName: name });
  await world.untilStatus(name, undefined);
  await assert.rejects(world.call('GetRecords', { ShardIterator }), GONE);
  await world.aStream(name);
  await assert.rejects(world.call('GetRecords', { ShardIterator }), GONE);
});

test('a log that goes while it is read is a shard that does not exist', async () => {
  await using world = await aWorld();
  const ShardIterator = await world.iteratorOf(await world.aStream());
  world.engine.read = () => Promise.reject(new LogError('no-such-log', 'made up'));
  await assert.rejects(world.call('GetRecords', { ShardIterator }), GONE);
});

test('an iterator is good in its own account and region alone', async () => {
  await using world = await aWorld();
  const ShardIterator = await world.iteratorOf(await world.aStream());
  for (const call of [world.callIn('us-east-1'), world.callIn('eu-west-1', '999999999999')]) {
    await assert.rejects(call('GetRecords', { ShardIterator }), { code: 'ResourceNotFoundException' });
  }
});

test('a dry run says that there would be records', async () => {
  await using world = await aWorld();
  const ShardIterator = await world.iteratorOf(await world.aStream());
  await assert.rejects(world.call('GetRecords', { ShardIterator, DryRun: true }), {
    code: 'DryRunOperationException',
  });
});

test('data are the engine’s own bytes, not copies', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  await world.putAll(name, ['a']);
  const read = world.engine.read.bind(world.engine);
  const held: Uint8Array[] = [];
  world.engine.read = async (...args) => {
    const result = await read(...args);
    held.push(...result.records.map(({ value }) => value));
    return result;
  };
  const { Records } = await world.call('GetRecords', { ShardIterator: await world.iteratorOf(name) });
  assert.ok(held.some((bytes) => bytes === Records[0]?.Data));
});

test('a read for which the server has no memory is to be tried again', async () => {
  await using world = await aWorld();
  const ShardIterator = await world.iteratorOf(await world.aStream());
  world.engine.read = () => Promise.reject(new LogError('overloaded', 'too many reads'));
  await assert.rejects(
    world.call('GetRecords', { ShardIterator }),
    awsError('ServiceUnavailable', 'The server has more reads under way than it takes; try again.'),
  );
});
