import { commitmentAnswer } from '../answers/commitment.ts';
import type { KinesisOperation } from '../deps.ts';

export const describeAccountSettings: KinesisOperation<'DescribeAccountSettings'> = async (
  _,
  { catalog, clock },
  { account, region },
) => ({
  MinimumThroughputBillingCommitment: commitmentAnswer(
    catalog.state.accounts.commitment(account, region),
    clock.now(),
  ),
});
