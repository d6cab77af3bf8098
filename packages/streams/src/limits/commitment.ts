import { type Catalog, isCommitted, type Stream } from '@millrace/catalog';
import type { Clock } from '@millrace/core';
import type { Limits } from './limits.ts';

interface Deps {
  readonly catalog: Catalog;
  readonly clock: Clock;
}

/** Whether the account pays for On-demand Advantage in the region. */
export const isAdvantage = (
  { account, region }: Pick<Stream, 'account' | 'region'>,
  { catalog, clock }: Deps,
): boolean => isCommitted(catalog.state.accounts.commitment(account, region), clock.now());

/** Consumers with enhanced fan-out that the stream may have. */
export const consumersMaxOf = (
  stream: Stream,
  deps: Deps & { readonly limits: Limits; readonly consumersMax: number },
): number => {
  const { limits, consumersMax } = deps;
  const isAdvantaged = stream.mode === 'ON_DEMAND' && isAdvantage(stream, deps);
  return isAdvantaged ? Math.max(consumersMax, limits.quotas['advantage-consumers']) : consumersMax;
};
