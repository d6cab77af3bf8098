import assert from 'node:assert/strict';
import type { KinesisOperations, SubscribeToShardEvent } from '@millrace/aws-model/kinesis';
import { LogError } from '@millrace/log';
import { ACCOUNT, type aWorld, REGION } from './world.ts';

type World = Awaited<ReturnType<typeof aWorld>>;
type Subscribe = KinesisOperations['SubscribeToShard']['input'];

export const SHARD = 'shardId-000000000000';

export const arnOf = (stream: string): string => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${stream}`;

export const consumerIn = (world: World, stream: string, name: string) =>
  world.catalog.state.streams
    .find(ACCOUNT, REGION, stream)
    ?.consumers.find((consumer) => consumer.name === name);

/** Resolves once the life cycle has brought the consumer there; undefined: once it is forgotten. */
export const untilConsumer = (
  world: World,
  stream: string,
  name: string,
  status: string | undefined,
): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (consumerIn(world, stream, name)?.status === status) resolve();
  };
  const stop = world.catalog.onApplied(look);
  look();
  return promise.finally(stop);
};

/** An ACTIVE consumer's ARN. */
export const aConsumer = async (world: World, name = 'app', stream = 'orders'): Promise<string> => {
  const { Consumer } = await world.call('RegisterStreamConsumer', {
    StreamARN: arnOf(stream),
    ConsumerName: name,
  });
  await untilConsumer(world, stream, name, 'ACTIVE');
  return Consumer.ConsumerARN;
};

/** Commands of this type fail until the answer is called; those of callers do not. */
export const failing = ({ catalog }: World, type: string): (() => void) => {
  const { submit } = catalog;
  catalog.submit = (command) =>
    command.type === type ? Promise.reject(new LogError('full', 'made up')) : submit.call(catalog, command);
  return () => {
    catalog.submit = submit;
  };
};

export const textsOf = ({ Records }: SubscribeToShardEvent): string[] =>
  Records.map(({ Data }) => Buffer.from(Data).toString());

/** A subscription from TRIM_HORIZON on, unless something else is asked for. */
export const subscribe = async (
  world: World,
  ConsumerARN: string,
  StartingPosition: Subscribe['StartingPosition'] = { Type: 'TRIM_HORIZON' },
  ShardId = SHARD,
) => {
  const { EventStream } = await world.call('SubscribeToShard', { ConsumerARN, ShardId, StartingPosition });
  const events = EventStream[Symbol.asyncIterator]();
  /** The next event; undefined at the end. */
  const next = async (): Promise<SubscribeToShardEvent | undefined> => {
    const { value, done } = await events.next();
    if (done === true) return undefined;
    assert.ok('SubscribeToShardEvent' in value);
    return value.SubscribeToShardEvent;
  };
  /** Texts of the next events, until there are so many. */
  const take = async (count: number): Promise<string[]> => {
    const texts: string[] = [];
    while (texts.length < count) {
      const event = await next();
      assert.ok(event, `the stream ended after ${texts.length} of ${count} records`);
      texts.push(...textsOf(event));
    }
    return texts;
  };
  return { next, take, leave: () => events.return?.() };
};
