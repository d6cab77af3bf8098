import { type Disk, DiskError, type DiskFile } from '@millrace/core';
import { FaultInode } from './fault-inode.ts';
import { seeded } from './seeded.ts';

/** Counted in changes of the disk: writes, syncs, and whatever touches a directory. */
export interface Faults {
  /** The power goes off in the middle of this change. */
  readonly powerOffAt?: number;
  /** From this change on, for so many, nothing fits any more. */
  readonly fullAt?: number;
  readonly fullFor?: number;
  /** The first sync from this change on fails. */
  readonly syncFailsAt?: number;
}

type NameChange = (names: Map<string, FaultInode>) => void;

const parentOf = (path: string): string => path.split('/').slice(0, -1).join('/');

/**
 * A disk that loses what was not synced: bytes of files, and names in directories, each directory by itself. It
 * is quick or slow as chance will have it, and the seed repeats it all.
 */
export class FaultDisk implements Disk {
  readonly #chance: (below: number) => number;
  readonly #faults: Faults;
  readonly #safeNames: Map<string, FaultInode>;
  readonly #seenNames: Map<string, FaultInode>;
  readonly #pendingNames = new Map<string, NameChange[]>();
  #changes = 0;
  #isOff = false;
  #syncHasFailed = false;

  constructor(seed: number, faults: Faults = {}, names = new Map<string, FaultInode>(), safeNames = names) {
    this.#chance = seeded(seed);
    this.#faults = faults;
    this.#seenNames = new Map(names);
    this.#safeNames = new Map(safeNames);
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  get changes(): number {
    return this.#changes;
  }

  /** All files that are there. */
  get paths(): string[] {
    return [...this.#seenNames.keys()].sort();
  }

  inode(path: string): FaultInode {
    const inode = this.#seenNames.get(path);
    if (inode === undefined) throw new DiskError('not-found', `no such file: ${path}`);
    return inode;
  }

  /** The disk as the next process finds it after this one was killed. */
  afterKill(seed: number, faults: Faults = {}): FaultDisk {
    this.#isOff = true;
    const copies = new Map<FaultInode, FaultInode>();
    const copy = (names: Map<string, FaultInode>): Map<string, FaultInode> =>
      new Map(
        [...names].map(([path, inode]) => {
          const known = copies.get(inode) ?? inode.afterKill();
          copies.set(inode, known);
          return [path, known];
        }),
      );
    return new FaultDisk(seed, faults, copy(this.#seenNames), copy(this.#seenNames));
  }

  /** The disk as the next process finds it after the power was cut. */
  afterPowerCut(seed: number, faults: Faults = {}): FaultDisk {
    this.#isOff = true;
    for (const changes of this.#pendingNames.values()) {
      const kept = this.#chance(changes.length + 1);
      for (const change of changes.slice(0, kept)) change(this.#safeNames);
    }
    const names = [...this.#safeNames].map(
      ([path, inode]) => [path, inode.afterPowerCut(this.#chance)] as const,
    );
    return new FaultDisk(seed, faults, new Map(names));
  }

  async makeDirectory(): Promise<void> {}

  async list(path: string): Promise<string[]> {
    const prefix = path === '' ? '' : `${path}/`;
    const below = this.paths.filter((name) => name.startsWith(prefix));
    return [...new Set(below.map((name) => name.slice(prefix.length).split('/', 1)[0] ?? ''))];
  }

  async open(path: string, options: { readonly create?: boolean } = {}): Promise<DiskFile> {
    await this.#pause();
    if (!this.#seenNames.has(path)) {
      if (options.create !== true) throw new DiskError('not-found', `no such file: ${path}`);
      const inode = new FaultInode();
      await this.#change(() => this.#changeNames(parentOf(path), (names) => names.set(path, inode)));
    }
    return this.#file(this.inode(path));
  }

  async remove(path: string): Promise<void> {
    await this.#change(() => {
      for (const name of this.paths) {
        if (name !== path && !name.startsWith(`${path}/`)) continue;
        this.#changeNames(parentOf(name), (names) => names.delete(name));
      }
    });
  }

  async rename(from: string, to: string): Promise<void> {
    const inode = this.inode(from);
    await this.#change(() =>
      this.#changeNames(parentOf(to), (names) => {
        names.delete(from);
        names.set(to, inode);
      }),
    );
  }

  async syncDirectory(path: string): Promise<void> {
    await this.#sync(() => {
      for (const change of this.#pendingNames.get(path) ?? []) change(this.#safeNames);
      this.#pendingNames.delete(path);
    });
  }

  #file(inode: FaultInode): DiskFile {
    return {
      size: async () => inode.seen.length,
      read: async (target, offset) => {
        await this.#pause();
        return inode.seen.copy(target, 0, offset);
      },
      write: (buffers, offset) => {
        const bytes = Buffer.concat(buffers);
        const part = bytes.subarray(0, this.#chance(bytes.length + 1));
        return this.#change(
          () => inode.write(bytes, offset),
          () => inode.write(part, offset),
        );
      },
      truncate: (size) => this.#change(() => inode.truncate(size)),
      sync: () =>
        this.#sync(
          () => inode.sync(),
          () => inode.failSync(this.#chance),
        ),
      close: () => this.#pause(),
    };
  }

  #changeNames(directory: string, change: NameChange): void {
    change(this.#seenNames);
    const pending = this.#pendingNames.get(directory) ?? [];
    this.#pendingNames.set(directory, [...pending, change]);
  }

  /** `part` is what happens of it when the disk is full; a write that the power cut short may be there whole. */
  async #change(work: () => void, part: () => void = () => undefined): Promise<void> {
    await this.#pause();
    this.#changes += 1;
    const { powerOffAt, fullAt = Number.POSITIVE_INFINITY, fullFor = 0 } = this.#faults;
    if (this.#changes === powerOffAt) {
      work();
      this.#isOff = true;
    }
    this.#requirePower();
    if (this.#changes >= fullAt && this.#changes < fullAt + fullFor) {
      part();
      throw new DiskError('full', 'no space left');
    }
    work();
    await this.#pause();
  }

  async #sync(work: () => void, fail: () => void = () => undefined): Promise<void> {
    await this.#pause();
    this.#changes += 1;
    if (this.#changes === this.#faults.powerOffAt) this.#isOff = true;
    this.#requirePower();
    if (this.#changes >= (this.#faults.syncFailsAt ?? Number.POSITIVE_INFINITY) && !this.#syncHasFailed) {
      this.#syncHasFailed = true;
      fail();
      throw new DiskError('broken', 'input/output error');
    }
    work();
    await this.#pause();
  }

  async #pause(): Promise<void> {
    for (let turns = this.#chance(4); turns > 0; turns--) await Promise.resolve();
    this.#requirePower();
  }

  #requirePower(): void {
    if (this.#isOff) throw new DiskError('broken', 'the power is off');
  }
}
