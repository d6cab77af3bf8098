import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '@millrace/core';

/**
 * A wrapped key is base64 of
 *
 *    0  version, 1
 *    1  nonce, 12 random bytes; keys are wrapped far less often than the 2^32 times that this bears
 *   13  AES-256-GCM of the key
 *    n  its tag, 16 bytes
 */
const VERSION = 1;
const NONCE_START = 1;
const TEXT_START = 13;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

export const KEY_BYTES = 32;

/** Locks a key with another, for the purpose alone. */
export const wrapKey = (key: Uint8Array, by: Uint8Array, purpose: string, random: Random): string => {
  const nonce = random.bytes(TEXT_START - NONCE_START);
  const cipher = createCipheriv(ALGORITHM, by, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(purpose));
  const text = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat(
    [[VERSION], nonce, text, cipher.getAuthTag()].map((part) => Buffer.from(part)),
  ).toString('base64');
};

/** Undefined when this key did not lock it, or for another purpose. */
export const unwrapKey = (wrapped: string, by: Uint8Array, purpose: string): Uint8Array | undefined => {
  const bytes = Buffer.from(wrapped, 'base64');
  const textEnd = bytes.length - TAG_BYTES;
  if (bytes[0] !== VERSION || textEnd < TEXT_START) return undefined;
  const nonce = bytes.subarray(NONCE_START, TEXT_START);
  const decipher = createDecipheriv(ALGORITHM, by, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(textEnd));
  const key = decipher.update(bytes.subarray(TEXT_START, textEnd));
  try {
    decipher.final();
    return key;
  } catch {
    return undefined;
  }
};
