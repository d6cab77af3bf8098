import { LogError, type LogId, logIdOf } from '@millrace/log';
import { FRAME_HEADER_BYTES, FRAME_KINDS, type Frame, newFrame } from './frame.ts';

/** The payload of `create` is the log's id; `delete` and `trim` have none. */
export const createFrame = (log: LogId): Buffer => {
  const frame = newFrame(FRAME_KINDS.create, log.length);
  frame.write(log, FRAME_HEADER_BYTES, 'latin1');
  return frame;
};

export const createdLog = (frame: Frame): LogId => {
  const text = frame.bytes.toString('latin1', FRAME_HEADER_BYTES);
  try {
    return logIdOf(text);
  } catch (cause) {
    throw new LogError('corrupt', `a frame creates a log that cannot be: '${text}'`, { cause });
  }
};

export const deleteFrame = (): Buffer => newFrame(FRAME_KINDS.delete, 0);

export const trimFrame = (): Buffer => newFrame(FRAME_KINDS.trim, 0);
