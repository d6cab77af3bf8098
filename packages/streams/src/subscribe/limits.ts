/** A subscription ends after five minutes (API model). */
export const SUBSCRIPTION_MS = 300_000;
/** A consumer's next subscription to a shard is refused for so long after the one before (API model). */
export const TAKEOVER_AFTER_MS = 5_000;
/** A shard without new records still has an event this often (recorded). */
export const IDLE_EVENT_MS = 5_000;
/** Until a subscription whose read was refused, since too many are under way, tries it again. Our choice. */
export const OVERLOAD_PAUSE_MS = 500;
/** Keys and data of one event, and its records; a larger record comes alone. Our choice: what a slow reader costs. */
export const EVENT_LIMITS = { records: 10_000, bytes: 1024 * 1024 };
