import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aConsumer, arnOf, consumerIn, untilConsumer } from '../../test/fan-out.ts';
import { ACCOUNT, aWorld, awsError, REGION } from '../../test/world.ts';

const StreamARN = arnOf('orders');

const aWorldWithStream = async () => {
  const world = await aWorld();
  await world.aStream();
  return world;
};

const notFound = (consumer: string) =>
  awsError(
    'ResourceNotFoundException',
    `Consumer ${consumer} under stream orders under account ${ACCOUNT} not found.`,
  );

test('a registered consumer is CREATING, then ACTIVE, and has an ARN of its own', async () => {
  await using world = await aWorldWithStream();
  const { Consumer } = await world.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' });
  const seconds = Math.floor(world.clock.now() / 1000);
  assert.deepEqual(Consumer, {
    ConsumerName: 'app',
    ConsumerARN: `${StreamARN}/consumer/app:${seconds}`,
    ConsumerStatus: 'CREATING',
    ConsumerCreationTimestamp: seconds * 1000,
  });
  await untilConsumer(world, 'orders', 'app', 'ACTIVE');
});

test('a name is taken by one consumer of a stream', async () => {
  await using world = await aWorldWithStream();
  await aConsumer(world);
  await assert.rejects(
    world.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app' }),
    awsError(
      'ResourceInUseException',
      `Consumer app under stream orders under account ${ACCOUNT} already exists.`,
    ),
  );
});

test('a stream has twenty consumers and no more', async () => {
  await using world = await aWorldWithStream();
  for (let index = 0; index < 20; index++) await aConsumer(world, `app-${index}`);
  await assert.rejects(
    aConsumer(world, 'one-more'),
    awsError(
      'LimitExceededException',
      `Stream orders under account ${ACCOUNT} has 20 consumers already, which is the limit.`,
    ),
  );
});

test('a sixth consumer waits until one of five is ACTIVE', async () => {
  await using world = await aWorldWithStream();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const calls = names.map((ConsumerName) =>
    world.call('RegisterStreamConsumer', { StreamARN, ConsumerName }),
  );
  const refused = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected');
  assert.deepEqual(
    refused.map((result) => String('reason' in result && result.reason)),
    [
      `ServiceError: Stream orders under account ${ACCOUNT} has 5 consumers in status CREATING, which is the limit.`,
    ],
  );
  await untilConsumer(world, 'orders', 'a', 'ACTIVE');
  await aConsumer(world, 'f');
});

test('a stream that is not ready takes no consumer', async () => {
  await using world = await aWorld();
  world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await assert.rejects(
    aConsumer(world),
    awsError(
      'ResourceInUseException',
      `Stream orders under account ${ACCOUNT} not ACTIVE, instead in state CREATING`,
    ),
  );
});

test('a consumer is described by its ARN, by stream and name, or by all three', async () => {
  await using world = await aWorldWithStream();
  const ConsumerARN = await aConsumer(world);
  const ConsumerName = 'app';
  const answers = [];
  for (const reference of [
    { ConsumerARN },
    { StreamARN, ConsumerName },
    { StreamARN, ConsumerName, ConsumerARN },
  ]) {
    answers.push((await world.call('DescribeStreamConsumer', reference)).ConsumerDescription);
  }
  const [first, ...others] = answers;
  assert.deepEqual(
    [first?.StreamARN, first?.ConsumerARN, first?.ConsumerStatus],
    [StreamARN, ConsumerARN, 'ACTIVE'],
  );
  for (const other of others) assert.deepEqual(other, first);
});

test('references that do not agree, or are not enough, are refused', async () => {
  await using world = await aWorldWithStream();
  const ConsumerARN = await aConsumer(world);
  const disagree = `ConsumerARN ${ConsumerARN} names another consumer than StreamARN and ConsumerName do.`;
  const missing = 'Either ConsumerARN, or StreamARN and ConsumerName, should be provided.';
  for (const [reference, text] of [
    [{ ConsumerARN, ConsumerName: 'other' }, disagree],
    [{ ConsumerARN, StreamARN: arnOf('other') }, disagree],
    [{ ConsumerName: 'app' }, missing],
    [{ StreamARN }, missing],
    [{}, missing],
  ] as const) {
    for (const name of ['DescribeStreamConsumer', 'DeregisterStreamConsumer'] as const) {
      await assert.rejects(world.call(name, reference), awsError('InvalidArgumentException', text));
    }
  }
});

test('a consumer of another account or region is not found', async () => {
  await using world = await aWorldWithStream();
  const ConsumerARN = await aConsumer(world);
  for (const call of [world.callIn('us-east-1'), world.callIn(REGION, '999999999999')]) {
    await assert.rejects(call('DescribeStreamConsumer', { ConsumerARN }), {
      code: 'ResourceNotFoundException',
    });
  }
});

test('a deregistered consumer is DELETING, then gone, and its name is free', async () => {
  await using world = await aWorldWithStream();
  const ConsumerARN = await aConsumer(world);
  await world.call('DeregisterStreamConsumer', { ConsumerARN });
  assert.equal(consumerIn(world, 'orders', 'app')?.status, 'DELETING');
  await untilConsumer(world, 'orders', 'app', undefined);
  await assert.rejects(world.call('DescribeStreamConsumer', { ConsumerARN }), notFound(ConsumerARN));
  await assert.rejects(
    world.call('DeregisterStreamConsumer', { StreamARN, ConsumerName: 'app' }),
    notFound('app'),
  );
  world.clock.advance(1_000);
  assert.notEqual(await aConsumer(world), ConsumerARN);
  await assert.rejects(world.call('DescribeStreamConsumer', { ConsumerARN }), notFound(ConsumerARN));
});

test('a consumer that is DELETING already may be deregistered again', async () => {
  await using world = await aWorldWithStream();
  const ConsumerARN = await aConsumer(world);
  await world.call('DeregisterStreamConsumer', { ConsumerARN });
  await world.call('DeregisterStreamConsumer', { ConsumerARN });
});

test('consumers are listed by name, page after page', async () => {
  await using world = await aWorldWithStream();
  for (const name of ['c', 'a', 'e', 'b', 'd']) await aConsumer(world, name);
  const names: string[][] = [];
  let NextToken: string | undefined;
  do {
    const page = await world.call('ListStreamConsumers', { StreamARN, MaxResults: 2, NextToken });
    names.push((page.Consumers ?? []).map(({ ConsumerName }) => ConsumerName));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.deepEqual(names, [['a', 'b'], ['c', 'd'], ['e']]);
});

test('a paging token is for its stream, alone, and for 300 seconds', async () => {
  await using world = await aWorldWithStream();
  await world.aStream('other');
  for (const name of ['a', 'b']) await aConsumer(world, name);
  const { NextToken } = await world.call('ListStreamConsumers', { StreamARN, MaxResults: 1 });
  await assert.rejects(
    world.call('ListStreamConsumers', { StreamARN: arnOf('other'), NextToken }),
    awsError('InvalidArgumentException', 'Invalid NextToken.'),
  );
  await assert.rejects(
    world.call('ListStreamConsumers', { StreamARN, NextToken, StreamCreationTimestamp: 0 }),
    awsError(
      'InvalidArgumentException',
      'NextToken and StreamCreationTimestamp cannot be provided together.',
    ),
  );
  world.clock.advance(300_001);
  await assert.rejects(world.call('ListStreamConsumers', { StreamARN, NextToken }), {
    code: 'ExpiredNextTokenException',
  });
});

test('StreamCreationTimestamp tells streams of one name apart', async () => {
  await using world = await aWorldWithStream();
  await aConsumer(world);
  const StreamCreationTimestamp = world.clock.now();
  const { Consumers } = await world.call('ListStreamConsumers', { StreamARN, StreamCreationTimestamp });
  assert.equal(Consumers?.length, 1);
  await assert.rejects(
    world.call('ListStreamConsumers', {
      StreamARN,
      StreamCreationTimestamp: StreamCreationTimestamp - 60_000,
    }),
    awsError('ResourceNotFoundException', `Stream orders under account ${ACCOUNT} not found.`),
  );
});

test('the summary of a stream counts its consumers', async () => {
  await using world = await aWorldWithStream();
  await aConsumer(world, 'a');
  await aConsumer(world, 'b');
  const { StreamDescriptionSummary } = await world.call('DescribeStreamSummary', { StreamARN });
  assert.equal(StreamDescriptionSummary.ConsumerCount, 2);
});

test('a stream with consumers is only deleted when they may go with it', async () => {
  await using world = await aWorldWithStream();
  await aConsumer(world);
  await assert.rejects(
    world.call('DeleteStream', { StreamARN }),
    awsError(
      'ResourceInUseException',
      `Stream orders under account ${ACCOUNT} has consumers. Deregister them first, or set EnforceConsumerDeletion.`,
    ),
  );
  await world.call('DeleteStream', { StreamARN, EnforceConsumerDeletion: true });
  await world.untilStatus('orders', undefined);
  await world.aStream();
  assert.deepEqual((await world.call('ListStreamConsumers', { StreamARN })).Consumers, []);
});

test('a consumer carries tags from its registration on', async () => {
  await using world = await aWorldWithStream();
  const { Consumer } = await world.call('RegisterStreamConsumer', {
    StreamARN,
    ConsumerName: 'app',
    Tags: { team: 'blue', cost: '7' },
  });
  await untilConsumer(world, 'orders', 'app', 'ACTIVE');
  const ResourceARN = Consumer.ConsumerARN;
  await world.call('TagResource', { ResourceARN, Tags: { team: 'red', stage: 'test' } });
  await world.call('UntagResource', { ResourceARN, TagKeys: ['cost', 'never there'] });
  assert.deepEqual((await world.call('ListTagsForResource', { ResourceARN })).Tags, [
    { Key: 'stage', Value: 'test' },
    { Key: 'team', Value: 'red' },
  ]);
  assert.deepEqual((await world.call('ListTagsForResource', { ResourceARN: StreamARN })).Tags, []);
});

test('tags that a consumer cannot have are refused, and nothing is registered', async () => {
  await using world = await aWorldWithStream();
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, '']));
  for (const Tags of [{ 'a*': '' }, many]) {
    await assert.rejects(world.call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'app', Tags }), {
      code: 'InvalidArgumentException',
    });
  }
  assert.equal(consumerIn(world, 'orders', 'app'), undefined);
});
