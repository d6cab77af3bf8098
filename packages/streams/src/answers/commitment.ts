import type { MinimumThroughputBillingCommitmentOutput } from '@millrace/aws-model/kinesis';
import { type Commitment, isCommitted } from '@millrace/catalog';

/** What an account agrees to pay for; of one that is over only its end is told. */
export const commitmentAnswer = (
  commitment: Commitment | undefined,
  nowMs: number,
): MinimumThroughputBillingCommitmentOutput => {
  if (commitment === undefined) return { Status: 'DISABLED' };
  const { startedAtMs, earliestEndAtMs, endsAtMs } = commitment;
  if (!isCommitted(commitment, nowMs)) return { Status: 'DISABLED', EndedAt: endsAtMs };
  return {
    Status: endsAtMs === undefined ? 'ENABLED' : 'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
    StartedAt: startedAtMs,
    EarliestAllowedEndAt: earliestEndAtMs,
  };
};
