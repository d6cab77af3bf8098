import { openShardsOf } from '@millrace/catalog';
import type { KinesisOperation } from '../deps.ts';

/** On-demand streams have no bound of their own: what the shards allow, at the four that each starts with. */
const SHARDS_OF_A_NEW_STREAM = 4;

export const describeLimits: KinesisOperation<'DescribeLimits'> = async (_, deps, { account, region }) => {
  const streams = deps.catalog.state.streams.list(account, region);
  return {
    ShardLimit: deps.shardsMax,
    OpenShardCount: streams.reduce((sum, stream) => sum + openShardsOf(stream).length, 0),
    OnDemandStreamCount: streams.filter(({ mode }) => mode === 'ON_DEMAND').length,
    OnDemandStreamCountLimit: Math.floor(deps.shardsMax / SHARDS_OF_A_NEW_STREAM),
    ChannelCount: 0,
  };
};
