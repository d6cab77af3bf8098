import { type DataKeyId, dataKeyIdOf } from '@millrace/core';
import type { DataKeys } from '../aes-batch-cipher.ts';

export const FIRST_KEY = dataKeyIdOf('1'.repeat(32));
export const SECOND_KEY = dataKeyIdOf('2'.repeat(32));

/** Two data keys that can be taken away and given back. */
export class ManualKeys implements DataKeys {
  readonly #taken = new Set<DataKeyId>();

  get(key: DataKeyId): Uint8Array {
    const isThere = key === FIRST_KEY || key === SECOND_KEY;
    if (!isThere || this.#taken.has(key)) throw new Error('no such key');
    return new Uint8Array(32).fill(key.charCodeAt(0));
  }

  take(key: DataKeyId): void {
    this.#taken.add(key);
  }

  giveBack(key: DataKeyId): void {
    this.#taken.delete(key);
  }
}
