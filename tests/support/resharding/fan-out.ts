import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import {
  DescribeStreamConsumerCommand,
  type KinesisClient,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import type { ReadShard } from './follower.ts';

const PAUSE_MS = 20;

export interface FanOutOptions {
  readonly kinesis: KinesisClient;
  readonly ConsumerARN: string;
  /** The first subscription to this shard is given up after an event, as a consumer does that moves. */
  readonly leaves: string;
  readonly signal: AbortSignal;
}

/** Gives the ARN of a consumer that may subscribe. */
export const register = async (
  kinesis: KinesisClient,
  StreamARN: string | undefined,
  ConsumerName: string,
  signal: AbortSignal,
): Promise<string> => {
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
  const ConsumerARN = Consumer?.ConsumerARN ?? '';
  for (;;) {
    const answer = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
    if (answer.ConsumerDescription?.ConsumerStatus === 'ACTIVE') return ConsumerARN;
    await pause(PAUSE_MS, undefined, { signal });
  }
};

/** Five seconds must lie between a consumer's subscriptions to a shard. */
const subscribe = async (
  { kinesis, ConsumerARN, signal }: FanOutOptions,
  ShardId: string,
  StartingPosition: StartingPosition,
) => {
  for (;;) {
    try {
      const command = new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition });
      const { EventStream } = await kinesis.send(command, { abortSignal: signal });
      assert.ok(EventStream);
      return EventStream;
    } catch (error) {
      const isAgain = StartingPosition.Type === 'AFTER_SEQUENCE_NUMBER';
      if (!isAgain || !(error instanceof ResourceInUseException)) throw error;
      await pause(PAUSE_MS, undefined, { signal });
    }
  }
};

async function* subscription(
  options: FanOutOptions,
  shardId: string,
  start: StartingPosition,
): AsyncGenerator<SubscribeToShardEvent, void, undefined> {
  for await (const { SubscribeToShardEvent: event } of await subscribe(options, shardId, start)) {
    options.signal.throwIfAborted();
    assert.ok(event, 'only events come');
    const goesOn = event.ContinuationSequenceNumber !== undefined;
    assert.notEqual(goesOn, event.ChildShards !== undefined, `${shardId} goes on or has children`);
    yield event;
  }
}

/** Reads by SubscribeToShard; goes on behind the last event when a subscription ends before its shard. */
export const fanOut = (options: FanOutOptions): ReadShard =>
  async function* (shardId) {
    let start: StartingPosition = { Type: 'TRIM_HORIZON' };
    for (;;) {
      const leaves = shardId === options.leaves && start.Type === 'TRIM_HORIZON';
      for await (const event of subscription(options, shardId, start)) {
        yield event.Records ?? [];
        if (event.ChildShards !== undefined) return event.ChildShards;
        start = { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: event.ContinuationSequenceNumber };
        if (leaves) break;
      }
    }
  };
