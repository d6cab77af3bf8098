import type { Stream } from '@millrace/catalog';
import { shardIdOf } from '@millrace/core';
import { LogError } from '@millrace/log';
import { shardDoesNotExist } from './errors.ts';

/** A log that went while it was being read: its stream is being deleted. */
export const orShardGone = async <Result>(
  stream: Stream,
  shardIndex: number,
  reading: Promise<Result>,
): Promise<Result> => {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof LogError && error.code === 'no-such-log') {
      throw shardDoesNotExist(shardIdOf(shardIndex), stream);
    }
    throw error;
  }
};
