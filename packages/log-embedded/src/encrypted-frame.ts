import { type DataKeyId, dataKeyIdOf } from '@millrace/core';
import type { BatchCipher } from '@millrace/log';
import { type Allocate, FRAME_FLAGS, FRAME_HEADER_BYTES, FRAME_KINDS, flagsOf, newFrame } from './frame.ts';

/**
 * The payload of an encrypted frame:
 *
 *    0  data key id, 16 bytes
 *   16  cipher text of what a plain frame's payload would be
 *
 * Everything from byte 4 of the frame up to the cipher text is its context: log, position, arrival and count cannot
 * be changed without the key.
 */
const KEY_ID_BYTES = 16;
const CONTEXT_START = 4;
const TEXT_START = FRAME_HEADER_BYTES + KEY_ID_BYTES;

const contextOf = (frame: Buffer): Buffer => frame.subarray(CONTEXT_START, TEXT_START);

export interface EncryptedFrame {
  /** Everything but the cipher text and what sealing fills in. */
  readonly frame: Buffer;
  readonly plainFrame: Buffer;
  /** To be called once, when the header is complete. Does not fail. */
  readonly encrypt: () => void;
}

interface EncryptedFrameOptions {
  readonly key: DataKeyId;
  readonly cipher: BatchCipher;
  readonly count: number;
  readonly allocate?: Allocate | undefined;
}

/** An unsealed frame that will hold what a plain one holds. The key is taken in hand before that one is made. */
export const encryptedFrame = (
  makePlain: () => Buffer,
  { key, cipher, count, allocate }: EncryptedFrameOptions,
): EncryptedFrame => {
  const encryptor = cipher.encryptor(key);
  const plainFrame = makePlain();
  const payload = plainFrame.subarray(FRAME_HEADER_BYTES);
  const payloadBytes = KEY_ID_BYTES + payload.length + cipher.overheadBytes;
  const frame = newFrame(FRAME_KINDS.append, payloadBytes, { count, flags: FRAME_FLAGS.encrypted, allocate });
  frame.write(key, FRAME_HEADER_BYTES, 'hex');
  return {
    frame,
    plainFrame,
    encrypt: () => encryptor.encrypt(payload, contextOf(frame), frame.subarray(TEXT_START)),
  };
};

/** Under which key the frame's payload is encrypted; undefined when it is plain. */
export const dataKeyOf = (frame: Buffer): DataKeyId | undefined =>
  (flagsOf(frame) & FRAME_FLAGS.encrypted) === 0
    ? undefined
    : dataKeyIdOf(frame.toString('hex', FRAME_HEADER_BYTES, TEXT_START));

/** The plain payload. Throws `key-unavailable` or `corrupt`. */
export const decryptPayload = (frame: Buffer, key: DataKeyId, cipher: BatchCipher): Buffer =>
  cipher.decrypt(key, frame.subarray(TEXT_START), contextOf(frame));
