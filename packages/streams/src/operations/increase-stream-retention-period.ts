import type { KinesisOperation } from '../deps.ts';
import { changeRetention } from '../model/change-retention.ts';
import { requireStream } from '../model/find-stream.ts';

/** What has expired by now does not come back. */
export const increaseStreamRetentionPeriod: KinesisOperation<'IncreaseStreamRetentionPeriod'> = async (
  input,
  deps,
  context,
) =>
  changeRetention(deps.catalog, requireStream(input, deps, context), 'increase', input.RetentionPeriodHours);
