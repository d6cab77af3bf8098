import {
  type KinesisClient,
  SubscribeToShardCommand,
  type SubscribeToShardCommandInput,
} from '@aws-sdk/client-kinesis';
import { positionFrom, recordsEvent, storedRecord } from './sdk-answers.ts';
import { subscribeCommand } from './subscribe-command.ts';
import type { RecordsEvent, SubscribeRequest } from './transport.ts';

async function* sdkEvents(
  client: KinesisClient,
  input: SubscribeToShardCommandInput,
  command: SubscribeToShardCommand,
  ownEvents: () => AsyncIterable<RecordsEvent> | undefined,
  abortSignal: AbortSignal,
): AsyncGenerator<RecordsEvent, void, undefined> {
  const { EventStream } = await client.send(command, { abortSignal });
  const own = ownEvents();
  if (own !== undefined) return yield* own;
  if (EventStream === undefined) throw new Error(`no events for ${input.ShardId}`);
  for await (const { SubscribeToShardEvent } of EventStream) {
    if (SubscribeToShardEvent !== undefined) yield recordsEvent(SubscribeToShardEvent, storedRecord);
  }
}

/**
 * One subscription. Leaving the loop does not close it, the signal does: the SDK's events know no other way. With a
 * client that nobody else looks at (`isOwn`) the events are read here.
 */
export const sdkSubscription = (
  client: KinesisClient,
  { consumerArn: ConsumerARN, shardId: ShardId, start }: SubscribeRequest,
  isOwn: boolean,
  signal: AbortSignal,
): AsyncGenerator<RecordsEvent, void, undefined> => {
  const input = { ConsumerARN, ShardId, StartingPosition: positionFrom(start) };
  const { command, events } = isOwn
    ? subscribeCommand(input)
    : { command: new SubscribeToShardCommand(input), events: () => undefined };
  return sdkEvents(client, input, command, events, signal);
};
