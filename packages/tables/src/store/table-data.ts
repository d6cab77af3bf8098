import type { TableDefinition } from '../model/table-definition.ts';
import { AFTER } from '../values/ordered-key.ts';
import { itemBytes } from '../values/size.ts';
import type { Item } from '../values/value.ts';
import { IndexData } from './index-data.ts';
import { SortedMap } from './sorted-map.ts';
import type { ItemKey } from './table-record.ts';

/** A table with its items and indexes, all of it durable. */
export class TableData {
  readonly items = new SortedMap<Item>();
  readonly #indexes = new Map<string, IndexData>();
  #definition: TableDefinition;
  #bytes = 0;

  constructor(definition: TableDefinition) {
    this.#definition = definition;
    this.define(definition);
  }

  get definition(): TableDefinition {
    return this.#definition;
  }

  get bytes(): number {
    return this.#bytes;
  }

  index(name: string): IndexData | undefined {
    return this.#indexes.get(name);
  }

  /** A new index is empty; `fill` puts in what is there already. */
  define(definition: TableDefinition): void {
    this.#definition = definition;
    const names = new Set(definition.indexes.map(({ name }) => name));
    for (const name of this.#indexes.keys()) if (!names.has(name)) this.#indexes.delete(name);
    for (const index of definition.indexes) {
      const known = this.#indexes.get(index.name);
      if (known !== undefined) known.definition = index;
      else this.#indexes.set(index.name, new IndexData(index, definition.key));
    }
  }

  put(key: ItemKey, item: Item): void {
    this.delete(key);
    this.items.set(key, item);
    this.#bytes += itemBytes(item);
    for (const index of this.#indexes.values()) index.put(key, item);
  }

  delete(key: ItemKey): void {
    const item = this.items.get(key);
    if (item === undefined) return;
    this.items.delete(key);
    this.#bytes -= itemBytes(item);
    for (const index of this.#indexes.values()) index.delete(key, item);
  }

  /** The keys of the first items from `from` on, `count` at the most. */
  keysFrom(from: string, count: number): readonly ItemKey[] {
    const keys: ItemKey[] = [];
    for (const [key] of this.items.forward(from, AFTER)) {
      if (keys.length === count) break;
      keys.push(key as ItemKey);
    }
    return keys;
  }

  /** Puts the items of these keys into the index. Items that are written meanwhile find their way by themselves. */
  fill(indexName: string, keys: readonly ItemKey[]): void {
    const index = this.#indexes.get(indexName);
    for (const key of keys) {
      const item = this.items.get(key);
      if (item !== undefined) index?.put(key, item);
    }
  }
}
