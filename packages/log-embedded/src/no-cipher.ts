import type { DataKeyId } from '@millrace/core';
import { type BatchCipher, LogError } from '@millrace/log';

const refuse = (key: DataKeyId): never => {
  throw new LogError('key-unavailable', `data key ${key}: the store was opened without a cipher`);
};

/** Of a store that is opened without one: plain batches only. */
export const noCipher: BatchCipher = {
  overheadBytes: 0,
  encryptor: refuse,
  decrypt: refuse,
  require: refuse,
};
