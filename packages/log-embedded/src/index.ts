export type { EngineEvent, OnEvent } from './event.ts';
export type { Durability } from './journal.ts';
export { DEFAULT_LIMITS, type EmbeddedLimits } from './limits.ts';
export { type EmbeddedLogOptions, openEmbeddedLog } from './open-embedded-log.ts';
