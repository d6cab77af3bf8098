import type { KinesisOperation } from '../deps.ts';

/** A commitment to pay for throughput cannot be made here, so nobody has one. */
export const describeAccountSettings: KinesisOperation<'DescribeAccountSettings'> = async () => ({
  MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
});
