import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWorld } from '../../test/world.ts';

test('nobody has committed to pay for throughput', async () => {
  await using world = await aWorld();
  assert.deepEqual(await world.call('DescribeAccountSettings', {}), {
    MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
  });
});
