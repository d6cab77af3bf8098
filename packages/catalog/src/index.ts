export { type AccountsView, type Commitment, isCommitted } from './accounts/state.ts';
export type { Catalog, CatalogEvent, CatalogOptions } from './catalog.ts';
export { openCatalog } from './catalog.ts';
export { CatalogError, type CatalogErrorCode } from './catalog-error.ts';
export type { Applied, Command, Refusal, Result } from './command.ts';
export { CONTROL_LOG } from './control-log.ts';
export type { KeysCommand, KeysRefusal } from './keys/commands.ts';
export type { Key, KeyState } from './keys/key.ts';
export type { KeysView } from './keys/state.ts';
export type { SecretsCommand } from './secrets/commands.ts';
export type { CatalogView } from './state.ts';
export { shardsForMibps } from './streams/capacity-reducer.ts';
export type { StreamsCommand, StreamsRefusal } from './streams/commands.ts';
export type { Consumer, ConsumerStatus } from './streams/consumer.ts';
export type { Encryption, StreamDataKey } from './streams/encryption.ts';
export { type ComingShard, closingShardsOf, comingShardsOf } from './streams/resharding.ts';
export { isExpired, trimHorizonMs } from './streams/retention.ts';
export { findShard, openShardsOf } from './streams/shards.ts';
export type { StreamsView } from './streams/state.ts';
export {
  type RecordDistribution,
  type Shard,
  type Stream,
  type StreamId,
  type StreamMode,
  type StreamStatus,
  streamIdOf,
  TAGS_MAX,
} from './streams/stream.ts';
export { writePeakOf } from './streams/write-peaks.ts';
