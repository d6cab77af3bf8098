import { streamProperties } from '../answers/stream.ts';
import { warmThroughputAnswer } from '../answers/warm-throughput.ts';
import type { KinesisOperation } from '../deps.ts';
import { requireStream } from '../model/find-stream.ts';
import { filterShards } from '../model/shard-filter.ts';

export const describeStreamSummary: KinesisOperation<'DescribeStreamSummary'> = async (
  input,
  deps,
  context,
) => {
  const stream = requireStream(input, deps, context);
  return {
    StreamDescriptionSummary: {
      ...streamProperties(stream),
      OpenShardCount: filterShards(stream, { type: 'AT_LATEST' }, deps.clock.now()).length,
      ConsumerCount: stream.consumers.length,
      ChannelCount: 0,
      MaxRecordSizeInKiB: stream.maxRecordBytes / 1024,
      WarmThroughput: warmThroughputAnswer(stream),
      RecordDistributionStrategy: stream.mode === 'ON_DEMAND' ? stream.recordDistribution : undefined,
    },
  };
};
