export type { StreamsDeps } from './deps.ts';
export type { StreamsEvent } from './event.ts';
export { openStreams, type Streams, type StreamsOptions } from './open-streams.ts';
export { kinesisTable } from './service.ts';
