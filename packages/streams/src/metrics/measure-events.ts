import type { SubscribeToShardEvent } from '@millrace/aws-model/kinesis';
import type { Stream } from '@millrace/catalog';
import { recordBytes } from '../model/incoming-record.ts';
import type { StreamMetrics } from './stream-metrics.ts';

/** Reports one event of a consumer's subscription. */
export const measureEvent = (
  event: SubscribeToShardEvent,
  stream: Stream,
  consumerName: string,
  metrics: StreamMetrics,
): void => {
  const measures = metrics.ofConsumer(stream, consumerName);
  let bytes = 0;
  for (const { PartitionKey = '', Data } of event.Records) bytes += recordBytes(PartitionKey, Data);
  measures.observe('SubscribeToShardEvent.Success', 1);
  measures.observe('SubscribeToShardEvent.Bytes', bytes);
  measures.observe('SubscribeToShardEvent.Records', event.Records.length);
  measures.observe('SubscribeToShardEvent.MillisBehindLatest', event.MillisBehindLatest);
};
