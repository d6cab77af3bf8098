import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { DataKeyId, Random } from '@millrace/core';
import type { BatchCipher, BatchEncryptor } from './batch-cipher.ts';
import { LogError } from './log-engine.ts';

/** Where data keys come from. Asked for every batch, so that a key that may not be used any more is not. */
export interface DataKeys {
  /** 32 bytes. What it throws becomes the cause of a `key-unavailable`. */
  get(key: DataKeyId): Uint8Array;
}

/**
 * A cipher text is
 *
 *    0  salt of the run, 16 bytes
 *   16  number of the batch in the run, u64 big-endian
 *   24  AES-256-GCM of the plain text; the nonce is four zero bytes and the number
 *    n  its tag, 16 bytes
 */
const SALT_BYTES = 16;
const NUMBER_BYTES = 8;
const TAG_BYTES = 16;
const TEXT_START = SALT_BYTES + NUMBER_BYTES;
const NONCE_BYTES = 12;
const ALGORITHM = 'aes-256-gcm';
const RUN_KEY_INFO = 'millrace batch 1';
/** Keys of runs held ready. Making one anew takes some 20 µs. */
const RUN_KEYS_MAX = 4096;

const runKeyOf = (dataKey: Uint8Array, salt: Uint8Array): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, salt, RUN_KEY_INFO, 32)));

/**
 * One process encrypting under one data key. The key of the run is derived from the data key and a random salt, and
 * nonces are counted: none is ever used twice under a key, whatever a crash takes back.
 */
class Run implements BatchEncryptor {
  readonly #key: KeyObject;
  readonly #salt: Uint8Array;
  #number = 0n;

  constructor(dataKey: Uint8Array, salt: Uint8Array) {
    this.#salt = salt;
    this.#key = runKeyOf(dataKey, salt);
  }

  encrypt(plainText: Uint8Array, context: Uint8Array, target: Uint8Array): void {
    const textEnd = TEXT_START + plainText.length;
    assert.equal(target.length, textEnd + TAG_BYTES);
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeBigUInt64BE(this.#number++, NONCE_BYTES - NUMBER_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(context);
    target.set(this.#salt, 0);
    target.set(nonce.subarray(NONCE_BYTES - NUMBER_BYTES), SALT_BYTES);
    target.set(cipher.update(plainText), TEXT_START);
    cipher.final();
    target.set(cipher.getAuthTag(), textEnd);
  }
}

/** Keeps the newest so many. */
const remember = <Key, Value>(map: Map<Key, Value>, key: Key, value: Value): Value => {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > RUN_KEYS_MAX && oldest !== undefined) map.delete(oldest);
  return value;
};

class AesBatchCipher implements BatchCipher {
  readonly overheadBytes = TEXT_START + TAG_BYTES;
  readonly #keys: DataKeys;
  readonly #random: Random;
  readonly #runs = new Map<DataKeyId, Run>();
  /** By data key and salt. */
  readonly #runKeys = new Map<string, KeyObject>();

  constructor(keys: DataKeys, random: Random) {
    this.#keys = keys;
    this.#random = random;
  }

  encryptor(key: DataKeyId): BatchEncryptor {
    const dataKey = this.#get(key);
    return this.#runs.get(key) ?? remember(this.#runs, key, new Run(dataKey, this.#random.bytes(SALT_BYTES)));
  }

  decrypt(key: DataKeyId, cipherText: Uint8Array, context: Uint8Array): Buffer {
    const dataKey = this.#get(key);
    const textEnd = cipherText.length - TAG_BYTES;
    if (textEnd < TEXT_START) throw new LogError('corrupt', 'an encrypted batch is too short to be one');
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.set(cipherText.subarray(SALT_BYTES, TEXT_START), NONCE_BYTES - NUMBER_BYTES);
    const runKey = this.#runKeyOf(key, dataKey, cipherText.subarray(0, SALT_BYTES));
    const decipher = createDecipheriv(ALGORITHM, runKey, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(context).setAuthTag(cipherText.subarray(textEnd));
    const plainText = decipher.update(cipherText.subarray(TEXT_START, textEnd));
    try {
      decipher.final();
    } catch (cause) {
      throw new LogError('corrupt', 'an encrypted batch is not what was written, or not where', { cause });
    }
    return plainText;
  }

  require(key: DataKeyId): void {
    this.#get(key);
  }

  #get(key: DataKeyId): Uint8Array {
    try {
      return this.#keys.get(key);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new LogError('key-unavailable', `data key ${key}: ${why}`, { cause });
    }
  }

  #runKeyOf(key: DataKeyId, dataKey: Uint8Array, salt: Uint8Array): KeyObject {
    const name = key + Buffer.from(salt).toString('latin1');
    return this.#runKeys.get(name) ?? remember(this.#runKeys, name, runKeyOf(dataKey, salt));
  }
}

/** AES-256-GCM over data keys from elsewhere. `random` gives 16 bytes for each data key that is written with. */
export const aesBatchCipher = (keys: DataKeys, random: Random): BatchCipher =>
  new AesBatchCipher(keys, random);
