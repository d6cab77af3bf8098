/** A chunk that grows past this is halved: finding a place costs two binary searches, making room moves one chunk. */
const CHUNK_MAX = 1_024;

interface Chunk<Value> {
  readonly keys: string[];
  readonly values: Value[];
}

/** The first index for which `isAtLeast` holds, of `count` that it holds for from some index on. */
const search = (count: number, isAtLeast: (index: number) => boolean): number => {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAtLeast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
};

/** Values by texts, in the order of the texts. */
export class SortedMap<Value> {
  /** None of them is empty, but the only one. */
  #chunks: Chunk<Value>[] = [{ keys: [], values: [] }];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: string): Value | undefined {
    const [chunk, index] = this.#placeOf(key);
    return chunk.keys[index] === key ? chunk.values[index] : undefined;
  }

  set(key: string, value: Value): void {
    const [chunk, index, at] = this.#placeOf(key);
    const isKnown = chunk.keys[index] === key;
    chunk.keys.splice(index, Number(isKnown), key);
    chunk.values.splice(index, Number(isKnown), value);
    if (isKnown) return;
    this.#size += 1;
    if (chunk.keys.length > CHUNK_MAX) this.#halve(chunk, at);
  }

  delete(key: string): void {
    const [chunk, index, at] = this.#placeOf(key);
    if (chunk.keys[index] !== key) return;
    chunk.keys.splice(index, 1);
    chunk.values.splice(index, 1);
    this.#size -= 1;
    if (chunk.keys.length === 0 && this.#chunks.length > 1) this.#chunks.splice(at, 1);
  }

  /** From `low` on, up to `high` and without it. The map must not change meanwhile. */
  *forward(low: string, high: string): Generator<[key: string, value: Value]> {
    let [, index, at] = this.#placeOf(low);
    for (; at < this.#chunks.length; at += 1, index = 0) {
      const { keys, values } = this.#chunks[at] as Chunk<Value>;
      for (; index < keys.length; index += 1) {
        const key = keys[index] as string;
        if (key >= high) return;
        yield [key, values[index] as Value];
      }
    }
  }

  /** The same from behind. */
  *backward(low: string, high: string): Generator<[key: string, value: Value]> {
    let [, index, at] = this.#placeOf(high);
    for (; at >= 0; at -= 1, index = this.#chunks[at]?.keys.length ?? 0) {
      const { keys, values } = this.#chunks[at] as Chunk<Value>;
      for (index -= 1; index >= 0; index -= 1) {
        const key = keys[index] as string;
        if (key < low) return;
        yield [key, values[index] as Value];
      }
    }
  }

  /** Where the key is or would be: in the last chunk that begins at or before it. */
  #placeOf(key: string): [chunk: Chunk<Value>, index: number, at: number] {
    const after = search(this.#chunks.length, (index) => (this.#chunks[index]?.keys[0] ?? '') > key);
    const at = Math.max(0, after - 1);
    const chunk = this.#chunks[at] as Chunk<Value>;
    const index = search(chunk.keys.length, (place) => (chunk.keys[place] as string) >= key);
    return [chunk, index, at];
  }

  #halve(chunk: Chunk<Value>, at: number): void {
    const middle = chunk.keys.length >>> 1;
    this.#chunks.splice(at + 1, 0, { keys: chunk.keys.splice(middle), values: chunk.values.splice(middle) });
  }
}
