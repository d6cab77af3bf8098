import type { KinesisOperation } from '../deps.ts';
import { changeRetention } from '../model/change-retention.ts';
import { requireStream } from '../model/find-stream.ts';

/** Records older than the new period are gone when this answers; their space is freed right after. */
export const decreaseStreamRetentionPeriod: KinesisOperation<'DecreaseStreamRetentionPeriod'> = async (
  input,
  deps,
  context,
) =>
  changeRetention(deps.catalog, requireStream(input, deps, context), 'decrease', input.RetentionPeriodHours);
