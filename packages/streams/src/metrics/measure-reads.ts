import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import type { Shard, Stream } from '@millrace/catalog';
import { shardIdOf } from '@millrace/core';
import type { StreamsDeps } from '../deps.ts';
import { recordBytes } from '../model/incoming-record.ts';
import { isThrottled } from './measure-calls.ts';

type Answer = KinesisOperations['GetRecords']['output'];

/** How far behind the newest record its reader is, once it has this answer. */
const iteratorAgeMs = ({ MillisBehindLatest = 0 }: Answer): number => MillisBehindLatest;

const report = (answer: Answer, stream: Stream, shard: Shard, { metrics }: StreamsDeps): void => {
  const { Records: records } = answer;
  const measures = metrics.of(stream);
  let bytes = 0;
  for (const { PartitionKey = '', Data } of records) bytes += recordBytes(PartitionKey, Data);
  measures.observe('GetRecords.Success', 1);
  measures.observe('GetRecords.Bytes', bytes);
  measures.observe('GetRecords.Records', records.length);
  measures.observe('GetRecords.IteratorAgeMilliseconds', iteratorAgeMs(answer));
  measures.observe('ReadProvisionedThroughputExceeded', 0);
  if (stream.shardMetrics === undefined) return;
  const shardMeasures = metrics.ofShard(stream, shardIdOf(shard.index));
  shardMeasures?.observe('OutgoingBytes', bytes);
  shardMeasures?.observe('OutgoingRecords', records.length);
  shardMeasures?.observe('IteratorAgeMilliseconds', iteratorAgeMs(answer));
  shardMeasures?.observe('ReadProvisionedThroughputExceeded', 0);
};

const reportRefusal = (error: unknown, stream: Stream, shard: Shard, { metrics }: StreamsDeps): void => {
  metrics.of(stream).observe('GetRecords.Success', 0);
  if (!isThrottled(error)) return;
  metrics.of(stream).observe('ReadProvisionedThroughputExceeded', 1);
  metrics.ofShard(stream, shardIdOf(shard.index))?.observe('ReadProvisionedThroughputExceeded', 1);
};

/** Reports one GetRecords of a shard that has been found. */
export const measureRead = async (
  stream: Stream,
  shard: Shard,
  deps: StreamsDeps,
  read: () => Promise<Answer>,
): Promise<Answer> => {
  const startedMs = deps.clock.monotonic();
  try {
    const answer = await read();
    report(answer, stream, shard, deps);
    return answer;
  } catch (error) {
    reportRefusal(error, stream, shard, deps);
    throw error;
  } finally {
    deps.metrics.of(stream).observe('GetRecords.Latency', deps.clock.monotonic() - startedMs);
  }
};
