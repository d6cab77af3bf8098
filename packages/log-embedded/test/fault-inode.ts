/** What reaches the platters in one piece. Far smaller than real, so that small tests tear too. */
const SECTOR_BYTES = 64;

type Chance = (below: number) => number;

type Pending = { readonly offset: number; readonly bytes: Buffer } | { readonly size: number };

/** One file: what a running system sees, what is safe, and what lies between. */
export class FaultInode {
  #seen: Buffer;
  #safe: Buffer;
  #pending: Pending[] = [];

  constructor(safe: Buffer = Buffer.alloc(0)) {
    this.#seen = Buffer.from(safe);
    this.#safe = Buffer.from(safe);
  }

  get seen(): Buffer {
    return this.#seen;
  }

  write(bytes: Buffer, offset: number): void {
    this.#pending.push({ offset, bytes: Buffer.from(bytes) });
    this.#seen = written(this.#seen, bytes, offset);
  }

  truncate(size: number): void {
    this.#pending.push({ size });
    this.#seen = sized(this.#seen, size);
  }

  sync(): void {
    this.#safe = Buffer.from(this.#seen);
    this.#pending = [];
  }

  /** What the system held back is gone from its books, though it still shows it: as after a failed fsync. */
  failSync(chance: Chance): void {
    this.#safe = this.#afterPowerCut(chance);
    this.#pending = [];
  }

  flipBit(offset: number, bit: number): void {
    for (const bytes of [this.#seen, this.#safe]) {
      if (offset < bytes.length) bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
    }
  }

  /** The process is gone, the system goes on. */
  afterKill(): FaultInode {
    const copy = new FaultInode(this.#safe);
    copy.#seen = Buffer.from(this.#seen);
    copy.#pending = [...this.#pending];
    return copy;
  }

  /** Of what was not synced, all, nothing, or any sectors have reached the disk. */
  afterPowerCut(chance: Chance): FaultInode {
    return new FaultInode(this.#afterPowerCut(chance));
  }

  #afterPowerCut(chance: Chance): Buffer {
    const outcome = chance(4);
    if (outcome === 0) return this.#safe;
    if (outcome === 1) return this.#seen;
    let bytes = this.#safe;
    for (const change of this.#pending) {
      if ('size' in change) bytes = chance(2) === 0 ? bytes : sized(bytes, change.size);
      else bytes = someSectors(bytes, change.bytes, change.offset, chance);
    }
    return bytes;
  }
}

const sized = (bytes: Buffer, size: number): Buffer => {
  const result = Buffer.alloc(size);
  bytes.copy(result);
  return result;
};

const written = (bytes: Buffer, added: Buffer, offset: number): Buffer => {
  const result = sized(bytes, Math.max(bytes.length, offset + added.length));
  added.copy(result, offset);
  return result;
};

const someSectors = (bytes: Buffer, added: Buffer, offset: number, chance: Chance): Buffer => {
  let result = bytes;
  for (let from = 0; from < added.length; ) {
    const length = Math.min(SECTOR_BYTES - ((offset + from) % SECTOR_BYTES), added.length - from);
    if (chance(3) > 0) result = written(result, added.subarray(from, from + length), offset + from);
    from += length;
  }
  return result;
};
