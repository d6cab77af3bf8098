import type { Catalog, Stream } from '@millrace/catalog';
import type { Clock } from '@millrace/core';
import { isAdvantage } from '../limits/commitment.ts';
import type { Limits } from '../limits/limits.ts';
import { commitmentNeeded, tooMuchWarmThroughput } from './capacity-errors.ts';

interface Deps {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly limits: Limits;
}

/** Whether the account may ask for so much throughput at once. */
export const checkWarmThroughput = (
  mibps: number,
  stream: Pick<Stream, 'account' | 'region'>,
  deps: Deps,
): void => {
  if (!isAdvantage(stream, deps)) throw commitmentNeeded(stream.account);
  const mibpsMax = deps.limits.quotas['warm-throughput-mibps'];
  if (mibps > mibpsMax) throw tooMuchWarmThroughput(mibps, mibpsMax);
};
