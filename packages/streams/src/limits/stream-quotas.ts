import type { Limits } from './limits.ts';

interface StreamQuotas {
  readonly onDemandMax?: number;
  readonly creatingMax?: number;
}

/** How many streams an account may have, for commands: these hold no number without end. */
export const streamQuotas = ({ limits: { quotas } }: { readonly limits: Limits }): StreamQuotas => {
  const { 'on-demand-streams': onDemandMax, 'creating-streams': creatingMax } = quotas;
  return {
    ...(Number.isFinite(onDemandMax) ? { onDemandMax } : {}),
    ...(Number.isFinite(creatingMax) ? { creatingMax } : {}),
  };
};
