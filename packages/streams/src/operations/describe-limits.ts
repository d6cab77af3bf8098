import { openShardsOf } from '@millrace/catalog';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { ON_DEMAND_SHARDS_MIN } from '../on-demand/wanted-shards.ts';

/** Where nobody bounds on-demand streams: what the shards allow, at those that each starts with. */
const onDemandStreamsMax = ({ limits, shardsMax }: StreamsDeps): number =>
  Math.min(limits.quotas['on-demand-streams'], Math.floor(shardsMax / ON_DEMAND_SHARDS_MIN));

export const describeLimits: KinesisOperation<'DescribeLimits'> = async (_, deps, { account, region }) => {
  const streams = deps.catalog.state.streams.list(account, region);
  return {
    ShardLimit: deps.shardsMax,
    OpenShardCount: streams.reduce((sum, stream) => sum + openShardsOf(stream).length, 0),
    OnDemandStreamCount: streams.filter(({ mode }) => mode === 'ON_DEMAND').length,
    OnDemandStreamCountLimit: onDemandStreamsMax(deps),
    ChannelCount: 0,
  };
};
