export type { StreamsDeps } from './deps.ts';
export type { StreamsEvent } from './event.ts';
export { callLimit } from './limits/call-limit.ts';
export { type Limits, limitsOf } from './limits/limits.ts';
export { streamDataKeys } from './model/data-keys.ts';
export { openStreams, type Streams, type StreamsOptions } from './open-streams.ts';
export { kinesisTable } from './service.ts';
