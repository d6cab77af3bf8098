import type { Reducers } from '../command.ts';
import { changeStream } from './change-stream.ts';
import type { StreamsRefusal } from './commands.ts';
import type { MonitoringCommand } from './monitoring-commands.ts';
import type { StreamsState } from './state.ts';
import type { Stream } from './stream.ts';

const withShardMetrics = ({ shardMetrics: _, ...stream }: Stream, metrics: ReadonlySet<string>): Stream =>
  metrics.size === 0 ? stream : { ...stream, shardMetrics: [...metrics].sort() };

export const monitoringReducers: Reducers<StreamsState, MonitoringCommand, StreamsRefusal> = {
  'streams.enable-shard-metrics.v1': (state, { id, metrics }) =>
    changeStream(state, id, ['ACTIVE', 'UPDATING'], (stream) =>
      withShardMetrics(stream, new Set([...(stream.shardMetrics ?? []), ...metrics])),
    ),

  'streams.disable-shard-metrics.v1': (state, { id, metrics }) =>
    changeStream(state, id, ['ACTIVE', 'UPDATING'], (stream) =>
      withShardMetrics(stream, new Set(stream.shardMetrics).difference(new Set(metrics))),
    ),
};
