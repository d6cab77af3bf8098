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
  /** Then, even what needs no space fails, as on a system that copies on write. */
  readonly isFullForAll?: boolean;
  /** All files together hold no more. */
  readonly bytesMax?: number;
  /** Nothing can be removed. */
  readonly removeFails?: boolean;
  /** The first sync from this change on fails. */
  readonly syncFailsAt?: number;
}

/** What a change needs of a disk that may be full, and how much of it is done when it is. */
interface Need {
  readonly growth: number;
  readonly part?: () => void;
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
  readonly #bytesRead = new Map<string, number>();

  constructor(seed: number, faults: Faults = {}, names = new Map<string, FaultInode>(), safeNames = names) {
    this.#chance = seeded(seed);
    this.#faults = faults;
    this.#seenNames = new Map(names);
    this.#safeNames = new Map(safeNames);
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  /** Bytes read from files whose name ends so. */
  bytesRead(suffix: string): number {
    return [...this.#bytesRead].reduce((sum, [path, bytes]) => sum + (path.endsWith(suffix) ? bytes : 0), 0);
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
      await this.#change(() => this.#changeNames(parentOf(path), (names) => names.set(path, inode)), {
        growth: 0,
      });
    }
    return this.#file(path, this.inode(path));
  }

  async remove(path: string): Promise<void> {
    if (this.#faults.removeFails === true) throw new DiskError('read-only', 'permission denied');
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

  #file(path: string, inode: FaultInode): DiskFile {
    return {
      size: async () => inode.seen.length,
      read: async (target, offset) => {
        await this.#pause();
        const bytes = inode.seen.copy(target, 0, Math.min(offset, inode.seen.length));
        this.#bytesRead.set(path, (this.#bytesRead.get(path) ?? 0) + bytes);
        return bytes;
      },
      write: (buffers, offset) => {
        const bytes = Buffer.concat(buffers);
        // All of it may be there, too: some systems find out only afterwards that there was no room.
        const part = bytes.subarray(0, this.#chance(3) === 0 ? bytes.length : this.#chance(bytes.length + 1));
        return this.#change(() => inode.write(bytes, offset), {
          growth: Math.max(0, offset + bytes.length - inode.seen.length),
          part: () => inode.write(part, offset),
        });
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

  /** What the power cuts short may be done nevertheless. */
  async #change(work: () => void, need?: Need): Promise<void> {
    await this.#pause();
    this.#changes += 1;
    if (this.#changes === this.#faults.powerOffAt) {
      work();
      this.#isOff = true;
    }
    this.#requirePower();
    if (!this.#fits(need)) {
      need?.part?.();
      throw new DiskError('full', 'no space left');
    }
    work();
    await this.#pause();
  }

  #fits(need: Need | undefined): boolean {
    const { fullAt = Number.POSITIVE_INFINITY, fullFor = 0, isFullForAll, bytesMax } = this.#faults;
    if (need === undefined && isFullForAll !== true) return true;
    if (this.#changes >= fullAt && this.#changes < fullAt + fullFor) return false;
    if (bytesMax === undefined || need === undefined || need.growth === 0) return true;
    const taken = [...this.#seenNames.values()].reduce((sum, { seen }) => sum + seen.length, 0);
    return taken + need.growth <= bytesMax;
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
