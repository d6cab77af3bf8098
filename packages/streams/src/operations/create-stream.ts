import type { CreateStreamInput } from '@millrace/aws-model/kinesis';
import { type Stream, type StreamMode, streamIdOf } from '@millrace/catalog';
import { RECORD_BYTES_DEFAULT, RETENTION_HOURS_DEFAULT } from '@millrace/core';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { invalidArgument, missingMembers, streamExists } from '../model/errors.ts';
import { submit } from '../model/refusals.ts';
import { checkTagTexts } from '../model/tag-rules.ts';

/** What AWS gives an on-demand stream to begin with; a ShardCount beside it is not looked at. */
const ON_DEMAND_SHARDS = 4;

const shardCountOf = (mode: StreamMode, given: number | undefined): number => {
  if (mode === 'ON_DEMAND') return ON_DEMAND_SHARDS;
  if (given === undefined) throw missingMembers(['shardCount']);
  return given;
};

const refuseUnbuilt = ({ WarmThroughputMiBps, RecordDistributionStrategy }: CreateStreamInput): void => {
  if (WarmThroughputMiBps !== undefined) {
    throw invalidArgument('WarmThroughputMiBps is not built yet: leave it out.');
  }
  if (RecordDistributionStrategy === 'AUTO') {
    throw invalidArgument('RecordDistributionStrategy AUTO is not built yet: use USER_PARTITION_KEY.');
  }
};

const newStreamId = ({ random }: StreamsDeps): Stream['id'] =>
  streamIdOf(Buffer.from(random.bytes(8)).toString('hex'));

/** Answers once the stream is on record as CREATING; the life cycle makes it ACTIVE. */
export const createStream: KinesisOperation<'CreateStream'> = async (input, deps, { account, region }) => {
  const { StreamName: name, StreamModeDetails, MaxRecordSizeInKiB, Tags = {} } = input;
  const mode = StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  const shardCount = shardCountOf(mode, input.ShardCount);
  const stream = { account, region, name };
  refuseUnbuilt(input);
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
      maxRecordBytes: MaxRecordSizeInKiB === undefined ? RECORD_BYTES_DEFAULT : MaxRecordSizeInKiB * 1024,
      tags,
    },
    stream,
  );
};
