import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMeter } from '../../test/a-meter.ts';
import {
  aConsumer,
  arnOf,
  consumerIn,
  SHARD,
  subscribe,
  textsOf,
  untilConsumer,
} from '../../test/fan-out.ts';
import { ACCOUNT, aWorld, awsError, HOUR_MS } from '../../test/world.ts';

const IDLE_MS = 5_000;
const LIFETIME_MS = 300_000;

const aStreamWithConsumer = async () => {
  const world = await aWorld();
  await world.aStream();
  return { world, arn: await aConsumer(world) };
};

test('records that are there come first, and later ones as soon as they are written', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['a', 'b']);
  const subscription = await subscribe(world, arn);
  assert.deepEqual(await subscription.take(2), ['a', 'b']);
  const later = subscription.next();
  await world.putAll('orders', ['c']);
  const event = await later;
  assert.ok(event);
  assert.deepEqual(textsOf(event), ['c']);
  assert.equal(event.MillisBehindLatest, 0);
});

test('a record has the number, time and key that GetRecords gives it', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['a']);
  const { Records } = await world.call('GetRecords', { ShardIterator: await world.iteratorOf('orders') });
  const event = await (await subscribe(world, arn)).next();
  assert.deepEqual(event?.Records, Records);
});

test('LATEST begins with the first record after the call', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['before']);
  const subscription = await subscribe(world, arn, { Type: 'LATEST' });
  await world.putAll('orders', ['after']);
  assert.deepEqual(await subscription.take(1), ['after']);
});

test('AT_TIMESTAMP begins with the first record of that time or later', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['early']);
  world.clock.advance(1_000);
  const Timestamp = world.clock.now();
  await world.putAll('orders', ['late']);
  assert.deepEqual(await (await subscribe(world, arn, { Type: 'AT_TIMESTAMP', Timestamp })).take(1), [
    'late',
  ]);
});

for (const [Type, expected] of [
  ['AT_SEQUENCE_NUMBER', ['b', 'c']],
  ['AFTER_SEQUENCE_NUMBER', ['c']],
] as const) {
  test(`${Type} of a record begins ${Type.startsWith('AT') ? 'with it' : 'behind it'}`, async () => {
    const { world, arn } = await aStreamWithConsumer();
    await using _ = world;
    const [, b] = await world.putAll('orders', ['a', 'b', 'c']);
    const position = { Type, SequenceNumber: b?.SequenceNumber };
    assert.deepEqual(await (await subscribe(world, arn, position)).take(expected.length), expected);
  });
}

test('a consumer without new records hears every five seconds that it has them all', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const subscription = await subscribe(world, arn);
  const numbers: bigint[] = [];
  for (let count = 0; count < 3; count++) {
    const next = subscription.next();
    world.clock.advance(IDLE_MS);
    const event = await next;
    assert.deepEqual([event?.Records, event?.MillisBehindLatest, event?.ChildShards], [[], 0, undefined]);
    numbers.push(BigInt(event?.ContinuationSequenceNumber ?? 0));
  }
  const [first = 0n, second = 0n, third = 0n] = numbers;
  assert.ok(first < second && second < third, `${numbers}`);
});

for (const Type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
  test(`going on ${Type} of any ContinuationSequenceNumber skips nothing and repeats nothing`, async () => {
    const { world, arn } = await aStreamWithConsumer();
    await using _ = world;
    const seen: string[] = [];
    const goOn = async (StartingPosition: Parameters<typeof subscribe>[2]) => {
      const subscription = await subscribe(world, arn, StartingPosition);
      const next = subscription.next();
      world.clock.advance(IDLE_MS);
      const event = await next;
      await subscription.leave();
      assert.ok(event?.ContinuationSequenceNumber);
      seen.push(...textsOf(event));
      return { Type, SequenceNumber: event.ContinuationSequenceNumber };
    };
    let place = await goOn({ Type: 'TRIM_HORIZON' });
    await world.putAll('orders', ['a', 'b']);
    place = await goOn(place);
    place = await goOn(place);
    await world.putAll('orders', ['c']);
    place = await goOn(place);
    place = await goOn(place);
    await world.putAll('orders', ['d']);
    await goOn(place);
    assert.deepEqual(seen, ['a', 'b', 'c', 'd']);
  });
}

test('a continuation lies between the records around it, so that checkpoints stay in order', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const [before] = await world.putAll('orders', ['before']);
  const event = await (await subscribe(world, arn)).next();
  const [after] = await world.putAll('orders', ['after']);
  const between = BigInt(event?.ContinuationSequenceNumber ?? 0);
  assert.ok(BigInt(before?.SequenceNumber ?? 0) < between);
  assert.ok(between < BigInt(after?.SequenceNumber ?? 0));
});

test('GetShardIterator takes a ContinuationSequenceNumber too', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['a', 'b']);
  const event = await (await subscribe(world, arn)).next();
  await world.putAll('orders', ['c']);
  const rest = { StartingSequenceNumber: event?.ContinuationSequenceNumber };
  for (const ShardIteratorType of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
    assert.deepEqual(await world.readFrom('orders', { ShardIteratorType, ...rest }), ['c']);
  }
});

test('an event holds at most 1 MiB, and says how far behind its reader is', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const large = 'x'.repeat(600 * 1024);
  for (const PartitionKey of ['1', '2']) {
    await world.call('PutRecord', { StreamName: 'orders', PartitionKey, Data: Buffer.from(large) });
    world.clock.advance(1_000);
  }
  const subscription = await subscribe(world, arn);
  const first = await subscription.next();
  assert.deepEqual([first?.Records.length, first?.MillisBehindLatest], [1, 2_000]);
  const second = await subscription.next();
  assert.deepEqual([second?.Records.length, second?.MillisBehindLatest], [1, 0]);
});

test('expired records are not delivered', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['old']);
  world.clock.advance(25 * HOUR_MS);
  await world.putAll('orders', ['new']);
  assert.deepEqual(await (await subscribe(world, arn)).take(1), ['new']);
});

test('a subscription ends after five minutes', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const subscription = await subscribe(world, arn);
  const next = subscription.next();
  world.clock.advance(LIFETIME_MS);
  assert.equal(await next, undefined);
});

test('a record behind the five minutes is for the next subscription', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const first = await subscribe(world, arn);
  world.clock.advance(LIFETIME_MS);
  await world.putAll('orders', ['a']);
  assert.equal(await first.next(), undefined);
  assert.deepEqual(await (await subscribe(world, arn)).take(1), ['a']);
});

const another = awsError(
  'ResourceInUseException',
  `Another active subscription exists for this consumer: ${ACCOUNT}:orders:${SHARD}:app`,
);

test('a second subscription within five seconds is refused, and the first goes on', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const first = await subscribe(world, arn);
  world.clock.advance(4_999);
  await assert.rejects(subscribe(world, arn), another);
  await world.putAll('orders', ['a']);
  assert.deepEqual(await first.take(1), ['a']);
});

test('a second subscription after five seconds takes over', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const first = await subscribe(world, arn, { Type: 'LATEST' });
  const idle = first.next();
  world.clock.advance(5_000);
  await idle;
  const waiting = first.next();
  const second = await subscribe(world, arn);
  await assert.rejects(waiting, another);
  assert.equal(await first.next(), undefined);
  await world.putAll('orders', ['a']);
  assert.deepEqual(await second.take(1), ['a']);
});

test('a client that left has to wait five seconds as well', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await (await subscribe(world, arn)).leave();
  await assert.rejects(subscribe(world, arn), another);
  world.clock.advance(5_000);
  await subscribe(world, arn);
});

test('other shards and other consumers have subscriptions of their own', async () => {
  const world = await aWorld();
  await using _ = world;
  await world.aStream('orders', { shards: 2 });
  const [one, two] = [await aConsumer(world, 'one'), await aConsumer(world, 'two')];
  await subscribe(world, one);
  await subscribe(world, two);
  await subscribe(world, one, { Type: 'LATEST' }, 'shardId-000000000001');
});

test('deregistering the consumer ends its subscriptions', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const next = (await subscribe(world, arn)).next();
  const ended = assert.rejects(
    next,
    awsError(
      'ResourceNotFoundException',
      `Consumer ${arn} under stream orders under account ${ACCOUNT} not found.`,
    ),
  );
  await world.call('DeregisterStreamConsumer', { ConsumerARN: arn });
  await ended;
});

test('deleting the stream ends its subscriptions', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const next = (await subscribe(world, arn)).next();
  const ended = assert.rejects(
    next,
    awsError('ResourceNotFoundException', `Stream orders under account ${ACCOUNT} not found.`),
  );
  await world.call('DeleteStream', { StreamName: 'orders', EnforceConsumerDeletion: true });
  await ended;
});

test('closing the service ends subscriptions without an error', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const next = (await subscribe(world, arn)).next();
  await world.streams.close();
  assert.equal(await next, undefined);
});

test('a dry run looks at everything and opens nothing', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  const input = { ConsumerARN: arn, ShardId: SHARD, StartingPosition: { Type: 'LATEST' } } as const;
  await assert.rejects(world.call('SubscribeToShard', { ...input, DryRun: true }), {
    code: 'DryRunOperationException',
  });
  await subscribe(world, arn);
});

test('a consumer that is not ACTIVE yet cannot read', async () => {
  const world = await aWorld();
  await using _ = world;
  await world.aStream();
  const { Consumer } = await world.call('RegisterStreamConsumer', {
    StreamARN: arnOf('orders'),
    ConsumerName: 'app',
  });
  const seconds = Math.floor(world.clock.now() / 1000);
  assert.equal(consumerIn(world, 'orders', 'app')?.status, 'CREATING');
  await assert.rejects(
    subscribe(world, Consumer.ConsumerARN),
    awsError(
      'ResourceInUseException',
      `Consumer app with creation timestamp ${seconds} under stream: orders , account ${ACCOUNT} is not in ACTIVE status.`,
    ),
  );
  await untilConsumer(world, 'orders', 'app', 'ACTIVE');
  await subscribe(world, Consumer.ConsumerARN);
});

const wrong: readonly [name: string, string | undefined, object, string, string][] = [
  [
    'a shard id that is none',
    'x y',
    {},
    'ResourceNotFoundException',
    `Could not find shard x y in stream orders under account ${ACCOUNT}.`,
  ],
  [
    'a shard that is not there',
    '7',
    {},
    'ResourceNotFoundException',
    `Shard shardId-000000000007 in stream orders under account ${ACCOUNT} does not exist`,
  ],
  [
    'a number that cannot be one',
    undefined,
    { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: '9'.repeat(57) },
    'InvalidArgumentException',
    `StartingSequenceNumber ${'9'.repeat(57)} used in SubscribeToShard on shard ${SHARD} in stream orders under account ${ACCOUNT} is invalid.`,
  ],
];

for (const [name, ShardId, position, code, message] of wrong) {
  test(`${name} is refused`, async () => {
    const { world, arn } = await aStreamWithConsumer();
    await using _ = world;
    const starting = { Type: 'LATEST', ...position } as const;
    await assert.rejects(subscribe(world, arn, starting, ShardId), awsError(code, message));
  });
}

test('nothing is read before the event before has been taken', async () => {
  const { world, arn } = await aStreamWithConsumer();
  await using _ = world;
  await world.putAll('orders', ['a']);
  const { read } = world.engine;
  const reads: string[] = [];
  world.engine.read = (log, ...rest) => {
    if (!log.startsWith('control')) reads.push(log);
    return read.call(world.engine, log, ...rest);
  };
  const subscription = await subscribe(world, arn);
  await subscription.take(1);
  for (const text of ['b', 'c', 'd']) await world.putAll('orders', [text]);
  assert.equal(reads.length, 1);
  assert.deepEqual(textsOf((await subscription.next()) ?? { Records: [], MillisBehindLatest: 0 }), [
    'b',
    'c',
    'd',
  ]);
});

test('subscriptions that wait together share one read', async () => {
  const world = await aWorld();
  await using _ = world;
  await world.aStream();
  const arns = [
    await aConsumer(world, 'one'),
    await aConsumer(world, 'two'),
    await aConsumer(world, 'three'),
  ];
  const subscriptions = await Promise.all(arns.map((arn) => subscribe(world, arn)));
  const waiting = subscriptions.map((subscription) => subscription.next());
  const { read } = world.engine;
  let reads = 0;
  world.engine.read = (log, ...rest) => {
    if (!log.startsWith('control')) reads += 1;
    return read.call(world.engine, log, ...rest);
  };
  await world.putAll('orders', ['a']);
  const events = await Promise.all(waiting);
  assert.deepEqual(
    events.map((event) => event && textsOf(event)),
    [['a'], ['a'], ['a']],
  );
  assert.equal(reads, 1);
});

test('twenty consumers of one shard all get every record in order while they are written', async () => {
  const world = await aWorld();
  await using _ = world;
  await world.aStream();
  const arns: string[] = [];
  for (let index = 0; index < 20; index++) arns.push(await aConsumer(world, `app-${index}`));
  const texts = Array.from({ length: 300 }, (_, index) => String(index));
  const subscriptions = await Promise.all(arns.map((arn) => subscribe(world, arn)));
  const [taken] = await Promise.all([
    Promise.all(subscriptions.map((subscription) => subscription.take(texts.length))),
    world.putAll('orders', texts),
  ]);
  for (const each of taken) assert.deepEqual(each, texts);
});

test('events are measured for their consumer', async () => {
  const { meter, of } = aMeter();
  const world = await aWorld({ streams: { meter } });
  await using _ = world;
  await world.aStream();
  const subscription = await subscribe(world, await aConsumer(world));
  await world.putAll('orders', ['abc', 'd']);
  await subscription.take(2);
  const next = subscription.next();
  world.clock.advance(IDLE_MS);
  await next;
  const sum = (name: string) => of(`${name}/app`)?.reduce((total, value) => total + value, 0);
  assert.deepEqual(of('SubscribeToShard.Success/app'), [1]);
  assert.equal(sum('SubscribeToShardEvent.Records'), 2);
  assert.equal(sum('SubscribeToShardEvent.Bytes'), 8);
  assert.equal(of('SubscribeToShardEvent.MillisBehindLatest/app')?.at(-1), 0);
});
