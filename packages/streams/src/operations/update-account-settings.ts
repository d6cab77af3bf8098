import { commitmentAnswer } from '../answers/commitment.ts';
import type { KinesisOperation } from '../deps.ts';
import { submitted } from '../model/refusals.ts';

/** Nobody pays here; the commitment opens what AWS gives for it. */
export const updateAccountSettings: KinesisOperation<'UpdateAccountSettings'> = async (
  { MinimumThroughputBillingCommitment: { Status: status } },
  { catalog, clock, limits },
  { account, region },
) => {
  const commitmentMs = limits.quotas['commitment-ms'];
  await submitted(catalog, { type: 'accounts.set-commitment.v1', account, region, status, commitmentMs });
  const commitment = catalog.state.accounts.commitment(account, region);
  return { MinimumThroughputBillingCommitment: commitmentAnswer(commitment, clock.now()) };
};
