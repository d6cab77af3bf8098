import type { DataKeyId } from '@millrace/core';

/**
 * How an engine keeps what it stores from those who read its disk. It knows nothing of whose data it is: a writer
 * names the data key, and the name is stored beside the batch, so that batches under different keys and plain ones
 * stand side by side in one log.
 *
 * `context` is authenticated, not hidden: an engine passes the batch's place, so that no batch can be moved.
 */
export interface BatchCipher {
  /** Bytes by which every cipher text is longer than its plain text. */
  readonly overheadBytes: number;
  /** Takes the key in hand: encrypting will not fail. Throws a `LogError` `key-unavailable`. */
  encryptor(key: DataKeyId): BatchEncryptor;
  /** Throws a `LogError`: `key-unavailable`, or `corrupt` unless just these bytes were encrypted in just this context. */
  decrypt(key: DataKeyId, cipherText: Uint8Array, context: Uint8Array): Buffer;
  /** Throws a `LogError` `key-unavailable`; for those who hold the plain text still. */
  require(key: DataKeyId): void;
}

export interface BatchEncryptor {
  /** Writes the cipher text into `target`, which is `overheadBytes` longer than the plain text. */
  encrypt(plainText: Uint8Array, context: Uint8Array, target: Uint8Array): void;
}
