import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWorld } from '../../test/world.ts';

test('the limits count what the account has in the region', async () => {
  await using world = await aWorld({ streams: { shardsMax: 100 } });
  await world.aStream('a', { shards: 3 });
  await world.aStream('b', { StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  assert.deepEqual(await world.call('DescribeLimits', {}), {
    ShardLimit: 100,
    OpenShardCount: 7,
    OnDemandStreamCount: 1,
    OnDemandStreamCountLimit: 25,
    ChannelCount: 0,
  });
  assert.equal((await world.callIn('us-east-1')('DescribeLimits', {})).OpenShardCount, 0);
});
