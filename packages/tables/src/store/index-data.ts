import { orderedKey, pick } from '../model/item-key.ts';
import { type IndexDefinition, type KeySchema, keyAttributes } from '../model/table-definition.ts';
import { itemBytes } from '../values/size.ts';
import type { Item } from '../values/value.ts';
import { SortedMap } from './sorted-map.ts';
import type { ItemKey } from './table-record.ts';

/** A secondary index: the items of a table that have its key, in the order of that. */
export class IndexData {
  definition: IndexDefinition;
  readonly items = new SortedMap<Item>();
  readonly #names: ReadonlySet<string> | undefined;
  #bytes = 0;

  constructor(definition: IndexDefinition, tableKey: KeySchema) {
    this.definition = definition;
    this.#names = namesIn(definition, tableKey);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What the index shows of an item. */
  project(item: Item): Item {
    return this.#names === undefined ? item : pick(item, this.#names);
  }

  /** Whether an attribute is in the index at all. */
  projects(name: string): boolean {
    return this.#names === undefined || this.#names.has(name);
  }

  /** The item's place in the index; undefined for one that is not in it. */
  keyOf(item: Item, key: ItemKey): string | undefined {
    const own = orderedKey(item, this.definition.key);
    return own === undefined ? undefined : own + key;
  }

  put(key: ItemKey, item: Item): void {
    const place = this.keyOf(item, key);
    if (place === undefined) return;
    this.#remove(place);
    this.items.set(place, item);
    this.#bytes += itemBytes(this.project(item));
  }

  delete(key: ItemKey, item: Item): void {
    const place = this.keyOf(item, key);
    if (place !== undefined) this.#remove(place);
  }

  #remove(place: string): void {
    const item = this.items.get(place);
    if (item === undefined) return;
    this.items.delete(place);
    this.#bytes -= itemBytes(this.project(item));
  }
}

/** Undefined where all attributes are in the index. */
const namesIn = (
  { projection, included, key }: IndexDefinition,
  tableKey: KeySchema,
): ReadonlySet<string> | undefined => {
  if (projection === 'ALL') return undefined;
  const keys = [...keyAttributes(tableKey), ...keyAttributes(key)].map(({ name }) => name);
  return new Set([...keys, ...included]);
};
