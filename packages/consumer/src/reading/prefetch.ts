/** What waits between a reader and a processor: so many items, and no more begun above so many bytes. */
export interface PrefetchBounds {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

export class Prefetch<Item> {
  readonly #bounds: PrefetchBounds;
  readonly #items: { readonly item: Item; readonly bytes: number }[] = [];
  #bytes = 0;
  /** Wakes whoever waits for an item or for room: there is one reader and one processor. */
  #changed = Promise.withResolvers<void>();

  constructor(bounds: PrefetchBounds) {
    this.#bounds = bounds;
  }

  get hasRoom(): boolean {
    return this.#items.length < this.#bounds.itemsMax && this.#bytes < this.#bounds.bytesMax;
  }

  push(item: Item, bytes: number): void {
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    this.wake();
  }

  take(): Item | undefined {
    const first = this.#items.shift();
    if (first === undefined) return undefined;
    this.#bytes -= first.bytes;
    this.wake();
    return first.item;
  }

  /** Resolves at the next `push`, `take` or `wake`. */
  changed(): Promise<void> {
    return this.#changed.promise;
  }

  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
