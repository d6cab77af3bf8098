import { type Checkpointer, ConsumerError, type ConsumerErrorCode } from '@millrace/consumer';
import type { CheckpointFailure, CheckpointWish } from './messages.ts';

/** A position, or one of the words that stand for one. */
const SEQUENCE_NUMBER = /^(?:\d{1,128}|TRIM_HORIZON|LATEST|AT_TIMESTAMP|SHARD_END)$/;

const BY_CODE: { readonly [Code in ConsumerErrorCode]?: CheckpointFailure } = {
  LeaseLost: 'ShutdownException',
  InvalidCheckpoint: 'IllegalArgumentException',
};

const BY_NAME: Readonly<Record<string, CheckpointFailure>> = {
  ProvisionedThroughputExceededException: 'ThrottlingException',
  ThrottlingException: 'ThrottlingException',
  RequestLimitExceeded: 'ThrottlingException',
  ResourceNotFoundException: 'InvalidStateException',
};

const failureOf = (error: unknown): CheckpointFailure => {
  const byCode = error instanceof ConsumerError ? BY_CODE[error.code] : undefined;
  const name = error instanceof Error ? error.name : '';
  return byCode ?? BY_NAME[name] ?? 'KinesisClientLibDependencyException';
};

/**
 * Writes down what the child wishes; null when that was done. Without a checkpointer, in `initialize` and
 * `leaseLost`, nothing can be.
 */
export const checkpointAsWished = async (
  { sequenceNumber, subSequenceNumber }: CheckpointWish,
  checkpointer: Checkpointer | undefined,
): Promise<CheckpointFailure | null> => {
  if (checkpointer === undefined) return 'InvalidStateException';
  if (sequenceNumber !== null && !SEQUENCE_NUMBER.test(sequenceNumber)) return 'IllegalArgumentException';
  try {
    if (sequenceNumber === null) await checkpointer.checkpoint();
    else await checkpointer.checkpoint({ sequenceNumber, subSequenceNumber: subSequenceNumber ?? 0 });
    return null;
  } catch (error) {
    return failureOf(error);
  }
};
