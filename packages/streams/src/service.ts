import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import { defineService, type ServiceTable, unsupported } from '@millrace/aws-protocol';
import type { StreamsDeps } from './deps.ts';
import { addTagsToStream } from './operations/add-tags-to-stream.ts';
import { createStream } from './operations/create-stream.ts';
import { deleteStream } from './operations/delete-stream.ts';
import { describeAccountSettings } from './operations/describe-account-settings.ts';
import { describeLimits } from './operations/describe-limits.ts';
import { describeStream } from './operations/describe-stream.ts';
import { describeStreamSummary } from './operations/describe-stream-summary.ts';
import { getRecords } from './operations/get-records.ts';
import { getShardIterator } from './operations/get-shard-iterator.ts';
import { listShards } from './operations/list-shards.ts';
import { listStreams } from './operations/list-streams.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { listTagsForStream } from './operations/list-tags-for-stream.ts';
import { putRecord } from './operations/put-record.ts';
import { putRecords } from './operations/put-records.ts';
import { removeTagsFromStream } from './operations/remove-tags-from-stream.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';

const fanOut = unsupported('enhanced fan-out is not built yet');
const resharding = unsupported('re-sharding is not built yet');
const retention = unsupported('changing the retention period is not built yet');
const encryption = unsupported('encryption at rest is not built yet');
const monitoring = unsupported('shard-level metrics are not built yet');
const policies = unsupported('resource policies are not built yet');
const channels = unsupported('channels are not built yet');

/** Every operation of the API: its handler, or why there is none. */
export const kinesisTable: ServiceTable<KinesisOperations, StreamsDeps> = defineService<
  KinesisOperations,
  StreamsDeps
>()({
  AddTagsToStream: addTagsToStream,
  CreateChannel: channels,
  CreateStream: createStream,
  DecreaseStreamRetentionPeriod: retention,
  DeleteChannel: channels,
  DeleteResourcePolicy: policies,
  DeleteStream: deleteStream,
  DeregisterStreamConsumer: fanOut,
  DescribeAccountSettings: describeAccountSettings,
  DescribeChannel: channels,
  DescribeLimits: describeLimits,
  DescribeStream: describeStream,
  DescribeStreamConsumer: fanOut,
  DescribeStreamSummary: describeStreamSummary,
  DisableEnhancedMonitoring: monitoring,
  EnableEnhancedMonitoring: monitoring,
  GetRecords: getRecords,
  GetResourcePolicy: policies,
  GetShardIterator: getShardIterator,
  IncreaseStreamRetentionPeriod: retention,
  ListChannels: channels,
  ListShards: listShards,
  ListStreamConsumers: fanOut,
  ListStreams: listStreams,
  ListTagsForResource: listTagsForResource,
  ListTagsForStream: listTagsForStream,
  MergeShards: resharding,
  PutRecord: putRecord,
  PutRecords: putRecords,
  PutResourcePolicy: policies,
  RegisterStreamConsumer: fanOut,
  RemoveTagsFromStream: removeTagsFromStream,
  SplitShard: resharding,
  StartStreamEncryption: encryption,
  StopStreamEncryption: encryption,
  SubscribeToShard: fanOut,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAccountSettings: unsupported('there is no billing here to commit to'),
  UpdateChannel: channels,
  UpdateMaxRecordSize: unsupported('changing the record size of a stream is not built yet'),
  UpdateShardCount: resharding,
  UpdateStreamMode: unsupported('changing the mode of a stream is not built yet'),
  UpdateStreamRecordDistributionStrategy: unsupported('automatic record distribution is not built yet'),
  UpdateStreamWarmThroughput: unsupported('warm throughput is not built yet'),
});
