import { LogError } from '@millrace/log';

/** The store cannot keep up or has no space: the writer should try again later, which AWS calls throttled. */
export const isThrottling = (error: unknown): boolean =>
  error instanceof LogError && (error.code === 'overloaded' || error.code === 'full');

/** The shard's log went between the look-up and the append: its stream is being deleted. */
export const isGone = (error: unknown): boolean => error instanceof LogError && error.code === 'no-such-log';
