import type { KinesisOperation } from '../deps.ts';
import { countedChange } from '../limits/change-limits.ts';
import { streamQuotas } from '../limits/stream-quotas.ts';
import { onDemandModeNeeded } from '../model/capacity-errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';
import { checkWarmThroughput } from '../model/warm-throughput.ts';

/** The shards stay as they are; from then on they are the owner's, or ours, to split and merge. */
export const updateStreamMode: KinesisOperation<'UpdateStreamMode'> = async (input, deps, context) => {
  const { StreamModeDetails, WarmThroughputMiBps: warmThroughputMibps } = input;
  const { catalog, shardsMax } = deps;
  const stream = requireStream(input, deps, context);
  const mode = StreamModeDetails.StreamMode;
  if (warmThroughputMibps !== undefined) {
    if (mode !== 'ON_DEMAND') throw onDemandModeNeeded('WarmThroughputMiBps');
    checkWarmThroughput(warmThroughputMibps, stream, deps);
  }
  const change = () =>
    submit(
      catalog,
      {
        type: 'streams.set-mode.v1',
        id: stream.id,
        mode,
        shardsMax,
        ...streamQuotas(deps),
        ...(warmThroughputMibps === undefined ? {} : { warmThroughputMibps }),
      },
      stream,
    );
  if (mode === stream.mode) return change();
  await countedChange('UpdateStreamMode', stream, deps, change);
};
