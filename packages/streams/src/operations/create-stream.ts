import type { CreateStreamInput } from '@millrace/aws-model/kinesis';
import { type Stream, type StreamMode, shardsForMibps, streamIdOf } from '@millrace/catalog';
import { RECORD_BYTES_DEFAULT, RETENTION_HOURS_DEFAULT } from '@millrace/core';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { streamQuotas } from '../limits/stream-quotas.ts';
import { onDemandModeNeeded } from '../model/capacity-errors.ts';
import { missingMembers, streamExists } from '../model/errors.ts';
import { submit } from '../model/refusals.ts';
import { checkTagTexts } from '../model/tag-rules.ts';
import { checkWarmThroughput } from '../model/warm-throughput.ts';
import { ON_DEMAND_SHARDS_MIN } from '../on-demand/wanted-shards.ts';

/** A ShardCount for an on-demand stream is not looked at. */
const shardCountOf = (
  mode: StreamMode,
  { ShardCount, WarmThroughputMiBps = 0 }: CreateStreamInput,
): number => {
  if (mode === 'ON_DEMAND') return Math.max(ON_DEMAND_SHARDS_MIN, shardsForMibps(WarmThroughputMiBps));
  if (ShardCount === undefined) throw missingMembers(['shardCount']);
  return ShardCount;
};

/** What only on-demand streams have. */
const checkOnDemand = (
  { WarmThroughputMiBps, RecordDistributionStrategy }: CreateStreamInput,
  mode: StreamMode,
  stream: Pick<Stream, 'account' | 'region'>,
  deps: StreamsDeps,
): void => {
  if (mode !== 'ON_DEMAND') {
    if (RecordDistributionStrategy === 'AUTO') throw onDemandModeNeeded('RecordDistributionStrategy AUTO');
    if (WarmThroughputMiBps !== undefined) throw onDemandModeNeeded('WarmThroughputMiBps');
  } else if (WarmThroughputMiBps !== undefined) checkWarmThroughput(WarmThroughputMiBps, stream, deps);
};

const onDemandMembers = ({ WarmThroughputMiBps, RecordDistributionStrategy }: CreateStreamInput) => ({
  ...(WarmThroughputMiBps === undefined ? {} : { warmThroughputMibps: WarmThroughputMiBps }),
  ...(RecordDistributionStrategy === 'AUTO' ? { recordDistribution: RecordDistributionStrategy } : {}),
});

const newStreamId = ({ random }: StreamsDeps): Stream['id'] =>
  streamIdOf(Buffer.from(random.bytes(8)).toString('hex'));

/** Answers once the stream is on record as CREATING; the life cycle makes it ACTIVE. */
export const createStream: KinesisOperation<'CreateStream'> = async (input, deps, { account, region }) => {
  const { StreamName: name, StreamModeDetails, MaxRecordSizeInKiB, Tags = {} } = input;
  const mode = StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  const shardCount = shardCountOf(mode, input);
  const stream = { account, region, name };
  checkOnDemand(input, mode, stream, deps);
  const tags = Object.entries(Tags);
  checkTagTexts(tags.flat(), 'add tags to', stream);
  if (deps.catalog.state.streams.find(account, region, name)) throw streamExists(stream);
  await submit(
    deps.catalog,
    {
      type: 'streams.create.v1',
      id: newStreamId(deps),
      ...stream,
      mode,
      shardCount,
      shardsMax: deps.shardsMax,
      retentionHours: RETENTION_HOURS_DEFAULT,
      ...streamQuotas(deps),
      ...onDemandMembers(input),
      maxRecordBytes: MaxRecordSizeInKiB === undefined ? RECORD_BYTES_DEFAULT : MaxRecordSizeInKiB * 1024,
      tags,
    },
    stream,
  );
};
