import type { Chance } from './chance.ts';

/** What reaches the platters in one piece. */
const SECTOR_BYTES = 512;

type Change = { readonly offset: number; readonly bytes: Buffer } | { readonly size: number };

const sized = (bytes: Buffer, size: number): Buffer => {
  if (size <= bytes.length) return Buffer.from(bytes.subarray(0, size));
  const result = Buffer.alloc(size);
  bytes.copy(result);
  return result;
};

const written = (bytes: Buffer, added: Buffer, offset: number): Buffer => {
  const result = sized(bytes, Math.max(bytes.length, offset + added.length));
  added.copy(result, offset);
  return result;
};

const applied = (bytes: Buffer, change: Change): Buffer =>
  'size' in change ? sized(bytes, change.size) : written(bytes, change.bytes, change.offset);

/** Those sectors of a write that are not among the stopped, of which there may be more by then. */
const someSectors = (
  bytes: Buffer,
  { bytes: added, offset }: { readonly bytes: Buffer; readonly offset: number },
  stopped: Set<number>,
  chance: Chance,
): Buffer => {
  let result = bytes;
  for (let from = 0; from < added.length; ) {
    const sector = Math.floor((offset + from) / SECTOR_BYTES);
    const length = Math.min((sector + 1) * SECTOR_BYTES - offset - from, added.length - from);
    if (chance.isOneIn(3)) stopped.add(sector);
    if (!stopped.has(sector)) result = written(result, added.subarray(from, from + length), offset + from);
    from += length;
  }
  return result;
};

/** One file: what a running system sees, what is safe, and the changes between the two, in order. */
export class Inode {
  #seen: Buffer = Buffer.alloc(0);
  #safe: Buffer = Buffer.alloc(0);
  #pending: Change[] = [];
  /** Changes that are not pending any more. */
  #settledCount = 0;
  #failedSyncs = 0;

  /** Grows by every sync that failed. */
  get failedSyncs(): number {
    return this.#failedSyncs;
  }

  get seen(): Buffer {
    return this.#seen;
  }

  write(bytes: Buffer, offset: number): void {
    this.#change({ offset, bytes: Buffer.from(bytes) });
  }

  truncate(size: number): void {
    this.#change({ size });
  }

  /** Stands for all changes up to now. */
  get mark(): number {
    return this.#settledCount + this.#pending.length;
  }

  /** Makes safe what was changed before the mark. What failed to become safe once does not any more. */
  sync(mark: number): void {
    for (const change of this.#settle(mark)) this.#safe = applied(this.#safe, change);
  }

  /**
   * The system gives up: some of the changes are safe and the rest is off its books. It shows them still, until it
   * reads the file anew.
   */
  failSync(chance: Chance): void {
    this.#failedSyncs += 1;
    this.#safe = this.#torn(chance);
    this.#settle(this.mark);
    if (chance.isOneIn(3)) this.#seen = Buffer.from(this.#safe);
  }

  /** Of what was not synced, all, nothing, or any sectors have reached the disk, and the size by itself. */
  cutPower(chance: Chance): void {
    this.#safe = this.#torn(chance);
    this.#settle(this.mark);
    this.#seen = Buffer.from(this.#safe);
  }

  /** A bad disk. */
  flipBit(offset: number, bit: number): void {
    for (const bytes of [this.#seen, this.#safe]) {
      if (offset < bytes.length) bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
    }
  }

  #change(change: Change): void {
    this.#pending.push(change);
    this.#seen = applied(this.#seen, change);
  }

  #settle(mark: number): Change[] {
    const changes = this.#pending.splice(0, Math.max(0, mark - this.#settledCount));
    this.#settledCount += changes.length;
    return changes;
  }

  #torn(chance: Chance): Buffer {
    const outcome = chance.below(5);
    if (outcome === 0 || this.#pending.length === 0) return this.#safe;
    let bytes = this.#safe;
    // A sector reaches the disk as it was at some moment: with nothing that came later.
    const stopped = new Set<number>();
    for (const change of this.#pending) {
      if (outcome === 1) bytes = applied(bytes, change);
      else if ('bytes' in change) bytes = someSectors(bytes, change, stopped, chance);
      else if (chance.isOneIn(2)) bytes = applied(bytes, change);
    }
    const grown = this.#seen.length - this.#safe.length;
    return outcome === 2 && grown > 0 ? sized(bytes, this.#safe.length + chance.below(grown + 1)) : bytes;
  }
}
