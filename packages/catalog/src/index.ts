export type { Catalog, CatalogEvent, CatalogOptions } from './catalog.ts';
export { openCatalog } from './catalog.ts';
export { CatalogError, type CatalogErrorCode } from './catalog-error.ts';
export type { Applied, Command, Refusal, Result } from './command.ts';
export type { SecretsCommand } from './secrets/commands.ts';
export type { CatalogView } from './state.ts';
export type { StreamsCommand, StreamsRefusal } from './streams/commands.ts';
export { findShard, openShardsOf } from './streams/shards.ts';
export type { StreamsView } from './streams/state.ts';
export {
  type Shard,
  type Stream,
  type StreamId,
  type StreamMode,
  type StreamStatus,
  streamIdOf,
  TAGS_MAX,
} from './streams/stream.ts';
