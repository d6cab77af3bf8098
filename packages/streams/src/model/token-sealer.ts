import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Random } from '@millrace/core';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const COUNTER_BYTES = 6;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Keys of other processes and earlier runs, whose tokens are still about. */
const OTHER_KEYS_MAX = 64;

const nonceOf = (counter: Uint8Array): Uint8Array => {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set(counter, NONCE_BYTES - COUNTER_BYTES);
  return nonce;
};

/**
 * Makes texts that only a holder of the secret can read or make. In base64:
 *
 *     salt (16) · counter (6) · ciphertext · tag (16)
 *
 * Each sealer has a key of its own, derived from the secret with a random salt, so that a plain counter is a
 * nonce that never comes twice, however many tokens are made. The purpose is authenticated: a token for one is
 * none for another.
 */
export class TokenSealer {
  readonly #secret: Uint8Array;
  readonly #salt: Buffer;
  readonly #key: Uint8Array;
  readonly #otherKeys = new Map<string, Uint8Array>();
  #count = 0;

  constructor(secret: Uint8Array, random: Random) {
    this.#secret = secret;
    this.#salt = Buffer.from(random.bytes(SALT_BYTES));
    this.#key = this.#derive(this.#salt);
  }

  seal(purpose: string, content: Uint8Array): string {
    const counter = Buffer.alloc(COUNTER_BYTES);
    counter.writeUIntBE(this.#count++, 0, COUNTER_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonceOf(counter)).setAAD(Buffer.from(purpose));
    const sealed = [this.#salt, counter, cipher.update(content), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(sealed).toString('base64');
  }

  /** Undefined for a text that no sealer with this secret made for this purpose. */
  open(purpose: string, token: string): Buffer | undefined {
    const bytes = Buffer.from(token, 'base64');
    if (bytes.length < SALT_BYTES + COUNTER_BYTES + TAG_BYTES) return undefined;
    if (bytes.toString('base64') !== token) return undefined;
    const salt = bytes.subarray(0, SALT_BYTES);
    const key = this.#keyFor(salt);
    const nonce = nonceOf(bytes.subarray(SALT_BYTES, SALT_BYTES + COUNTER_BYTES));
    const decipher = createDecipheriv(CIPHER, key, nonce).setAAD(Buffer.from(purpose));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const content = decipher.update(bytes.subarray(SALT_BYTES + COUNTER_BYTES, -TAG_BYTES));
      decipher.final();
      this.#remember(salt, key);
      return content;
    } catch {
      return undefined;
    }
  }

  #derive(salt: Uint8Array): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#secret, salt, 'millrace tokens', KEY_BYTES));
  }

  #keyFor(salt: Buffer): Uint8Array {
    if (salt.equals(this.#salt)) return this.#key;
    return this.#otherKeys.get(salt.toString('hex')) ?? this.#derive(salt);
  }

  /** Only salts of tokens that proved genuine, so that nobody can push them out. */
  #remember(salt: Buffer, key: Uint8Array): void {
    const name = salt.toString('hex');
    if (key === this.#key || this.#otherKeys.has(name)) return;
    if (this.#otherKeys.size >= OTHER_KEYS_MAX) this.#otherKeys.clear();
    this.#otherKeys.set(name, key);
  }
}
