import { type DataKeyId, dataKeyIdOf } from '@millrace/core';
import type { LogEntry } from '@millrace/log';
import type { Chance } from './chance.ts';
import type { Attempt } from './log-model.ts';

export const DATA_KEYS: readonly DataKeyId[] = ['1', '2'].map((digit) => dataKeyIdOf(digit.repeat(32)));
/** In everything that is stored under a data key, and so nowhere on the disk. */
export const SECRET = 'for your eyes only';

export interface AttemptOptions {
  readonly chance: Chance;
  readonly isEncrypted: boolean;
  /** Bytes of some file, for values that look like the store's own. */
  readonly anyFile: () => Buffer;
}

/** All appends that were ever tried, whatever has become of them; and what the next one holds. */
export class Attempts {
  readonly #options: AttemptOptions;
  /** By number. */
  readonly #all: Attempt[] = [];

  constructor(options: AttemptOptions) {
    this.#options = options;
  }

  get(number: number): Attempt | undefined {
    return this.#all[number];
  }

  make(count: number, dataKey: DataKeyId | undefined): Attempt {
    const number = this.#all.length;
    const entries = Array.from({ length: count }, (_, index): LogEntry => {
      const value = dataKey === undefined ? this.#someBytes() : this.#someSecret();
      return { key: `${number}.${index}`, value };
    });
    const attempt: Attempt = { number, entries, dataKey, fate: 'open' };
    this.#all.push(attempt);
    return attempt;
  }

  someKey(): DataKeyId | undefined {
    const { chance, isEncrypted } = this.#options;
    return isEncrypted && chance.isOneIn(2) ? chance.pick(DATA_KEYS) : undefined;
  }

  #someSecret(): Buffer {
    return Buffer.from(SECRET.repeat(this.#options.chance.between(1, 9)));
  }

  #someBytes(): Buffer {
    const { chance, anyFile } = this.#options;
    if (chance.isOneIn(40)) return anyFile();
    const length = chance.below(chance.pick([1, 40, 300, 1200]));
    return Buffer.alloc(length, 32 + chance.below(90));
  }
}
