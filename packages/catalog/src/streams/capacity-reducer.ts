import type { Reducers } from '../command.ts';
import type { CapacityCommand } from './capacity-commands.ts';
import { changeStream } from './change-stream.ts';
import type { StreamsRefusal } from './commands.ts';
import { overShardQuota, towards } from './reshard-reducer.ts';
import { openShardsOf } from './shards.ts';
import type { StreamsState } from './state.ts';
import type { Stream } from './stream.ts';
import { asIfInUse, withWritePeak } from './write-peaks.ts';

/** What a shard takes in a second (API model). */
const SHARD_MIBPS = 1;

/** The shards that take so much at once. */
export const shardsForMibps = (mibps: number): number => Math.ceil(mibps / SHARD_MIBPS);

export const overOnDemandQuota = (
  state: StreamsState,
  { account, region }: Pick<Stream, 'account' | 'region'>,
  onDemandMax: number | undefined,
): StreamsRefusal | undefined => {
  if (onDemandMax === undefined) return undefined;
  const onDemandCount = state.list(account, region).filter(({ mode }) => mode === 'ON_DEMAND').length;
  return onDemandCount < onDemandMax
    ? undefined
    : { reason: 'too-many-on-demand', onDemandCount, onDemandMax };
};

/** UPDATING until shards for the throughput are there, or until somebody says that the update is over. */
const warmed = (
  state: StreamsState,
  stream: Stream,
  warmThroughputMibps: number,
  shardsMax: number,
): Stream | StreamsRefusal => {
  const openShardCount = openShardsOf(stream).length;
  const wanted = Math.max(openShardCount, shardsForMibps(warmThroughputMibps));
  const refusal = overShardQuota(state, stream, wanted - openShardCount, shardsMax);
  if (refusal !== undefined) return refusal;
  const next = wanted > openShardCount ? towards(wanted, stream) : stream;
  return { ...next, status: 'UPDATING', warmThroughputMibps };
};

const provisioned = ({ warmThroughputMibps: _, writePeaks: __, ...stream }: Stream): Stream => ({
  ...stream,
  status: 'UPDATING',
  mode: 'PROVISIONED',
});

export const capacityReducers: Reducers<StreamsState, CapacityCommand, StreamsRefusal> = {
  'streams.set-record-size.v1': (state, { id, maxRecordBytes }) =>
    changeStream(state, id, ['ACTIVE'], (stream) => ({ ...stream, maxRecordBytes })),

  'streams.set-mode.v1': (state, command, arrivalMs) =>
    changeStream(state, command.id, ['ACTIVE'], (stream) => {
      const { mode, warmThroughputMibps, shardsMax, onDemandMax } = command;
      if (mode === stream.mode) {
        const isWarmed = mode === 'ON_DEMAND' && warmThroughputMibps !== undefined;
        return isWarmed ? warmed(state, stream, warmThroughputMibps, shardsMax) : stream;
      }
      if (mode === 'PROVISIONED') {
        return stream.recordDistribution === 'AUTO'
          ? { reason: 'distribution-is-auto' }
          : provisioned(stream);
      }
      const refusal = overOnDemandQuota(state, stream, onDemandMax);
      if (refusal !== undefined) return refusal;
      const onDemand: Stream = { ...asIfInUse(stream, arrivalMs), mode, status: 'UPDATING' };
      return warmThroughputMibps === undefined
        ? onDemand
        : warmed(state, onDemand, warmThroughputMibps, shardsMax);
    }),

  'streams.set-warm-throughput.v1': (state, { id, warmThroughputMibps, shardsMax }) =>
    changeStream(state, id, ['ACTIVE'], (stream) =>
      stream.mode === 'ON_DEMAND'
        ? warmed(state, stream, warmThroughputMibps, shardsMax)
        : { reason: 'not-on-demand' },
    ),

  'streams.set-record-distribution.v1': (state, { id, recordDistribution }) =>
    changeStream(state, id, ['ACTIVE'], (stream) =>
      recordDistribution === 'AUTO' && stream.mode !== 'ON_DEMAND'
        ? { reason: 'not-on-demand' }
        : { ...stream, recordDistribution },
    ),

  'streams.note-write-peak.v1': (state, { id, shards }, arrivalMs) =>
    changeStream(state, id, ['ACTIVE', 'UPDATING'], (stream) =>
      stream.mode === 'ON_DEMAND' ? withWritePeak(stream, shards, arrivalMs) : stream,
    ),

  'streams.finish-update.v1': (state, { id }) =>
    changeStream(state, id, ['UPDATING'], (stream) =>
      stream.resharding === undefined ? { ...stream, status: 'ACTIVE' } : { reason: 'not-updating' },
    ),
};
