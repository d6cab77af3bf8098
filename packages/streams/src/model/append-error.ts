import { ServiceError } from '@millrace/aws-protocol';
import { CatalogError, type CatalogErrorCode } from '@millrace/catalog';
import { LogError, type LogErrorCode } from '@millrace/log';

const codeOf = (error: unknown): LogErrorCode | CatalogErrorCode | undefined =>
  error instanceof LogError || error instanceof CatalogError ? error.code : undefined;

/** The store cannot keep up or has no space: the writer should try again later, which AWS calls throttled. */
export const isThrottling = (error: unknown): boolean =>
  codeOf(error) === 'overloaded' || codeOf(error) === 'full';

export const isFull = (error: unknown): boolean => codeOf(error) === 'full';

/** The shard's log went between the look-up and the append: its stream is being deleted. */
export const isGone = (error: unknown): boolean => codeOf(error) === 'no-such-log';

/** The store has stopped writing. It said so itself when that happened, and every call since meets it. */
export const isStopped = (error: unknown): boolean =>
  codeOf(error) === 'failed' || codeOf(error) === 'closed';

const unavailable = (text: string): ServiceError => new ServiceError('ServiceUnavailable', text, 503);

/**
 * What a caller is told when the store could not take what the call wants to write. One of AWS's common errors
 * that SDKs try again; the texts are ours. Undefined for what is no such trouble.
 */
export const storeUnavailable = (error: unknown): ServiceError | undefined => {
  if (isFull(error)) return unavailable("No space is left on the server's disk.");
  if (isThrottling(error)) return unavailable('The server has more to write than its disk takes; try again.');
  if (isStopped(error)) return unavailable('The server has stopped writing; its /health page says why.');
  return undefined;
};
