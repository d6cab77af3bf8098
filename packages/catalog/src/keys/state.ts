import type { Key } from './key.ts';

export interface KeysView {
  readonly size: number;
  get(id: string): Key | undefined;
  /** By `alias/…`. */
  byAlias(account: string, region: string, alias: string): Key | undefined;
  /** The oldest first. */
  all(): IterableIterator<Key>;
}

export interface KeysSnapshot {
  readonly keys: readonly Key[];
  readonly aliases: readonly (readonly [place: string, id: string])[];
}

const placeOf = (account: string, region: string, alias: string): string => `${account}/${region}/${alias}`;

export class KeysState implements KeysView {
  readonly #keys = new Map<string, Key>();
  /** Ids by account, region and alias. */
  readonly #aliases = new Map<string, string>();

  get size(): number {
    return this.#keys.size;
  }

  get(id: string): Key | undefined {
    return this.#keys.get(id);
  }

  byAlias(account: string, region: string, alias: string): Key | undefined {
    return this.#keys.get(this.#aliases.get(placeOf(account, region, alias)) ?? '');
  }

  all(): IterableIterator<Key> {
    return this.#keys.values();
  }

  put(key: Key): void {
    this.#keys.set(key.id, key);
  }

  setAlias({ account, region, id }: Key, alias: string): void {
    this.#aliases.set(placeOf(account, region, alias), id);
  }

  removeAlias(account: string, region: string, alias: string): void {
    this.#aliases.delete(placeOf(account, region, alias));
  }

  remove({ id }: Key): void {
    this.#keys.delete(id);
    for (const [place, owner] of this.#aliases) if (owner === id) this.#aliases.delete(place);
  }

  toSnapshot(): KeysSnapshot {
    return { keys: [...this.#keys.values()], aliases: [...this.#aliases] };
  }

  static fromSnapshot({ keys, aliases }: KeysSnapshot): KeysState {
    const state = new KeysState();
    for (const key of keys) state.put(key);
    for (const [place, id] of aliases) state.#aliases.set(place, id);
    return state;
  }
}
