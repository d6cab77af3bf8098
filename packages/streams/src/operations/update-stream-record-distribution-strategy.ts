import type { KinesisOperation } from '../deps.ts';
import { requireStream } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';

/** Holds for the next record on. */
export const updateStreamRecordDistributionStrategy: KinesisOperation<
  'UpdateStreamRecordDistributionStrategy'
> = async (input, deps, context) => {
  const stream = requireStream(input, deps, context);
  const { RecordDistributionStrategy: recordDistribution } = input;
  const command = {
    type: 'streams.set-record-distribution.v1',
    id: stream.id,
    recordDistribution,
  } as const;
  await submit(deps.catalog, command, stream);
};
