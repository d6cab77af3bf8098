import type { DataKeyId } from '@millrace/core';
import type { DataKeys } from '@millrace/log';

/** The engine opens first, the catalog in it holds the data keys: they are there once both are open. */
export class LateDataKeys implements DataKeys {
  #keys: DataKeys | undefined;

  arrive(keys: DataKeys): void {
    this.#keys = keys;
  }

  get(key: DataKeyId): Uint8Array {
    if (this.#keys === undefined) throw new Error('the catalog, which holds the data keys, is not open yet');
    return this.#keys.get(key);
  }
}
