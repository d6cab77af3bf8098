/** Slots that may lie empty at the front before the rest moves up. */
const EMPTY_SLOTS_MAX = 1024;

/** A queue that can also be looked into: added to at the end, taken from at the front. */
export class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Counted from the front. */
  at(index: number): Item | undefined {
    return this.#items[this.#head + index];
  }

  shift(): Item | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head >= EMPTY_SLOTS_MAX && this.#head * 2 >= this.#items.length) this.#moveUp();
    return item;
  }

  slice(from: number): Item[] {
    return this.#items.slice(this.#head + from) as Item[];
  }

  #moveUp(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
