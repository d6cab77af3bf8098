/**
 * `InvalidSettings`: what was given cannot be. `Running`: a consumer runs once. `LeaseLost`: another worker has the
 * shard, or this one was too slow to keep it. `InvalidCheckpoint`: not among the records delivered since the last.
 * `NotCheckpointed`: a processor's `shardEnded` has to checkpoint. `ProcessorFailed`: the application's own error is
 * the cause. `StartFailed`: the table or the stream could not be reached; the cause says why.
 */
export type ConsumerErrorCode =
  | 'InvalidSettings'
  | 'Running'
  | 'LeaseLost'
  | 'InvalidCheckpoint'
  | 'NotCheckpointed'
  | 'ProcessorFailed'
  | 'StartFailed';

export class ConsumerError extends Error {
  readonly code: ConsumerErrorCode;
  constructor(code: ConsumerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConsumerError';
    this.code = code;
  }
}

/** The services' words for a request that will not get better by being repeated. */
const REFUSALS: ReadonlySet<string> = new Set([
  'ResourceNotFoundException',
  'AccessDeniedException',
  'ValidationException',
  'InvalidArgumentException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'CredentialsProviderError',
]);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

export const isRefusal = (error: unknown): boolean => REFUSALS.has(nameOf(error));
/** The stream, or the shard, is not there any more. */
export const isNotFound = (error: unknown): boolean => nameOf(error) === 'ResourceNotFoundException';
export const isResourceInUse = (error: unknown): boolean => nameOf(error) === 'ResourceInUseException';
export const isExpiredIterator = (error: unknown): boolean => nameOf(error) === 'ExpiredIteratorException';
export const isLeaseLost = (error: unknown): boolean =>
  error instanceof ConsumerError && error.code === 'LeaseLost';
