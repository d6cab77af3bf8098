/** First in, first out; leaving costs the same however long it is. */
export class Queue<Item> {
  #items: Item[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  get first(): Item | undefined {
    return this.#items[this.#head];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  /** Before all those at the end that come after it. */
  insert(item: Item, comesAfter: (other: Item) => boolean): void {
    let at = this.#items.length;
    while (at > this.#head && comesAfter(this.#items[at - 1] as Item)) at--;
    if (at === this.#items.length) this.#items.push(item);
    else this.#items.splice(at, 0, item);
  }

  /** What has left is cut off when it is half of the items. */
  shift(): Item | undefined {
    const item = this.#items[this.#head];
    if (this.length > 0) this.#head++;
    if (this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
