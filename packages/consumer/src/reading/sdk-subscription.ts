import {
  type KinesisClient,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { childShard, positionFrom, storedRecord } from './sdk-answers.ts';
import type { RecordsEvent, SubscribeRequest } from './transport.ts';

const recordsEvent = (event: SubscribeToShardEvent): RecordsEvent => ({
  records: (event.Records ?? []).map(storedRecord),
  // A service that has none writes null.
  continuation: event.ContinuationSequenceNumber ?? undefined,
  millisBehindLatest: event.MillisBehindLatest ?? 0,
  childShards: (event.ChildShards ?? []).map(childShard),
});

/** One subscription. Leaving the loop does not close it, the signal does: the SDK's events know no other way. */
export async function* sdkSubscription(
  client: KinesisClient,
  { consumerArn: ConsumerARN, shardId: ShardId, start }: SubscribeRequest,
  abortSignal: AbortSignal,
): AsyncGenerator<RecordsEvent, void, undefined> {
  const StartingPosition = positionFrom(start);
  const command = new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition });
  const { EventStream } = await client.send(command, { abortSignal });
  if (EventStream === undefined) throw new Error(`no events for ${ShardId}`);
  for await (const { SubscribeToShardEvent } of EventStream) {
    if (SubscribeToShardEvent !== undefined) yield recordsEvent(SubscribeToShardEvent);
  }
}
