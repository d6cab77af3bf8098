import { warmThroughputAnswer } from '../answers/warm-throughput.ts';
import type { KinesisOperation } from '../deps.ts';
import { notOnDemand } from '../model/capacity-errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';
import { checkWarmThroughput } from '../model/warm-throughput.ts';

/** Answers at once; the stream is UPDATING until it has the shards. */
export const updateStreamWarmThroughput: KinesisOperation<'UpdateStreamWarmThroughput'> = async (
  input,
  deps,
  context,
) => {
  const { catalog, shardsMax } = deps;
  const { WarmThroughputMiBps: warmThroughputMibps } = input;
  const stream = requireStream(input, deps, context);
  if (stream.mode !== 'ON_DEMAND') throw notOnDemand('WarmThroughputMiBps', stream);
  checkWarmThroughput(warmThroughputMibps, stream, deps);
  const { id } = stream;
  const command = { type: 'streams.set-warm-throughput.v1', id, warmThroughputMibps, shardsMax } as const;
  await submit(catalog, command, stream);
  return {
    StreamARN: stream.arn,
    StreamName: stream.name,
    WarmThroughput: warmThroughputAnswer({ ...stream, warmThroughputMibps }),
  };
};
