import { crc32 } from 'node:zlib';
import { type Disk, DiskError, type DiskErrorCode, type DiskFile, type OpenOptions } from '@millrace/core';
import type { Chance } from './chance.ts';
import { Directory } from './directory.ts';
import { DiskTree } from './disk-tree.ts';
import type { Fault, OperationKind } from './faults.ts';
import { Inode } from './inode.ts';

/** Resolves when chance lets the operation go on. */
export type Pace = (operation: string) => Promise<void>;

interface DiskOptions {
  readonly chance: Chance;
  readonly pace: Pace;
  readonly faults?: readonly Fault[];
  /** Files that ask for it are written durably. */
  readonly durableBlockBytes?: number;
}

/** What is asked, and the steps in which it comes to pass; a crash may come between any two. */
interface Request<Result> {
  readonly kind: OperationKind;
  readonly path: string;
  readonly detail?: string;
  readonly growthBytes?: number;
  readonly steps: readonly (() => void)[];
  /** What is done of it when a fault strikes. */
  readonly onFault?: (code: DiskErrorCode) => void;
  readonly result: () => Result;
}

/**
 * A disk as one process sees it, from its start to its end. What it does takes effect at some moment between call
 * and answer; calls that are made together take effect in any order, a long write in two parts. What the end of the
 * process or of the power leaves is the next process's disk.
 */
export class SimulatedDisk implements Disk {
  readonly tree: DiskTree;
  /** What faults have told, and on which operations. */
  readonly struck = new Set<DiskErrorCode | `${DiskErrorCode} ${OperationKind}`>();
  faults: readonly Fault[];
  readonly #chance: Chance;
  readonly #pace: Pace;
  readonly #durableBlockBytes: number;
  /** Steps that were asked for and have not been taken. */
  readonly #underWay = new Set<(() => void)[]>();
  readonly #bytesRead = new Map<string, number>();
  #openFiles = 0;
  #isOff = false;

  constructor({ chance, pace, faults = [], durableBlockBytes = 0 }: DiskOptions, tree = new DiskTree()) {
    this.tree = tree;
    this.faults = faults;
    this.#chance = chance;
    this.#pace = pace;
    this.#durableBlockBytes = durableBlockBytes;
  }

  get paths(): string[] {
    return this.tree.paths;
  }

  inode(path: string): Inode {
    return this.tree.inode(path);
  }

  /** Files opened and not closed. */
  get openFiles(): number {
    return this.#openFiles;
  }

  /** Bytes read from files whose name ends so. */
  bytesRead(suffix: string): number {
    return [...this.#bytesRead].reduce((sum, [path, bytes]) => sum + (path.endsWith(suffix) ? bytes : 0), 0);
  }

  /** The disk as the next process finds it after this one was killed: the system goes on. */
  afterKill(options: DiskOptions): SimulatedDisk {
    this.#end();
    return new SimulatedDisk(options, this.tree);
  }

  /** The disk as the next process finds it after the power was cut. */
  afterPowerCut(options: DiskOptions): SimulatedDisk {
    this.#end();
    this.tree.root.cutPower(this.#chance);
    return new SimulatedDisk(options, this.tree);
  }

  makeDirectory(path: string): Promise<void> {
    const names = path.split('/');
    const steps = names.map((_, index) => () => this.#makeOne(names.slice(0, index + 1).join('/')));
    return this.#perform({ kind: 'make-directory', path, steps, result: () => undefined });
  }

  list(path: string): Promise<string[]> {
    const names = (): string[] => {
      const node = this.tree.node(path);
      return node instanceof Directory ? [...node.names.keys()].sort() : [];
    };
    return this.#perform({ kind: 'list', path, steps: [], result: names });
  }

  async open(path: string, options: OpenOptions = {}): Promise<DiskFile> {
    const inode = await this.#perform({
      kind: options.create === true && this.tree.node(path) === undefined ? 'create' : 'open',
      path,
      steps: options.create === true ? [() => this.#create(path)] : [],
      result: () => this.tree.inode(path),
    });
    return this.#file(path, inode, options.durable === true && this.#durableBlockBytes > 0);
  }

  remove(path: string): Promise<void> {
    const steps = this.#removals(path).map((each) => () => this.#unlink(each));
    return this.#perform({ kind: 'remove', path, steps, result: () => undefined });
  }

  rename(from: string, to: string): Promise<void> {
    const work = (): void => {
      const inode = this.tree.inode(from);
      const [directory, removed] = this.tree.place(from);
      const [target, name] = this.tree.place(to);
      if (directory !== target) throw new Error('renaming across directories is not simulated');
      directory.change({ removed, added: [name, inode] });
    };
    return this.#perform({ kind: 'rename', path: from, detail: to, steps: [work], result: () => undefined });
  }

  syncDirectory(path: string): Promise<void> {
    const node = this.tree.node(path);
    const mark = node instanceof Directory ? node.mark : 0;
    const work = (): void => this.tree.directory(path).sync(mark);
    return this.#perform({ kind: 'sync-directory', path, steps: [work], result: () => undefined });
  }

  #file(path: string, inode: Inode, isDurable: boolean): DiskFile {
    this.#openFiles += 1;
    let isOpen = true;
    const perform = async <Result>(request: Omit<Request<Result>, 'path'>): Promise<Result> => {
      if (!isOpen) throw new Error(`EBADF: ${request.kind} ${path}`);
      return this.#perform({ ...request, path });
    };
    return {
      isDurable,
      size: () => perform({ kind: 'size', steps: [], result: () => inode.seen.length }),
      read: (target, offset) => perform(this.#reading(path, inode, target, offset)),
      write: (buffers, offset) =>
        perform(this.#writing(inode, this.#written(buffers, offset, isDurable), offset, isDurable)),
      truncate: (size) =>
        perform({
          kind: 'truncate',
          detail: `to ${size}`,
          growthBytes: Math.max(0, size - inode.seen.length),
          steps: [() => inode.truncate(size)],
          result: () => undefined,
        }),
      sync: () => {
        const { mark } = inode;
        const sync = this.#syncing(inode);
        const onFault = (): void => inode.failSync(this.#chance);
        return perform({ kind: 'sync', steps: [() => sync(mark)], onFault, result: () => undefined });
      },
      close: async () => {
        if (!isOpen) throw new Error(`EBADF: close ${path}`);
        isOpen = false;
        this.#openFiles -= 1;
      },
    };
  }

  #reading(path: string, inode: Inode, target: Uint8Array, offset: number): Omit<Request<number>, 'path'> {
    let bytes = 0;
    const work = (): void => {
      bytes = inode.seen.copy(target, 0, Math.min(offset, inode.seen.length));
      this.#bytesRead.set(path, (this.#bytesRead.get(path) ?? 0) + bytes);
    };
    const detail = `${offset} +${target.length}`;
    return { kind: 'read', detail, steps: [work], result: () => bytes };
  }

  /** What reaches the file: of one that is written durably, with zeros that fill up the last block. */
  #written(buffers: readonly Uint8Array[], offset: number, isDurable: boolean): Buffer {
    const bytes = Buffer.concat(buffers);
    const over = isDurable ? (offset + bytes.length) % this.#durableBlockBytes : 0;
    return over === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(this.#durableBlockBytes - over)]);
  }

  #writing(inode: Inode, bytes: Buffer, offset: number, isDurable: boolean): Omit<Request<void>, 'path'> {
    const cut = this.#chance.isOneIn(4) ? this.#chance.below(bytes.length + 1) : bytes.length;
    const put = (from: number, to: number) => () => {
      if (to > from) inode.write(bytes.subarray(from, to), offset + from);
    };
    const puts = cut < bytes.length ? [put(0, cut), put(cut, bytes.length)] : [put(0, bytes.length)];
    const sync = this.#syncing(inode);
    return {
      kind: isDurable ? 'durable-write' : 'write',
      detail: `${offset} +${bytes.length} ${crc32(bytes).toString(16)}`,
      growthBytes: Math.max(0, offset + bytes.length - inode.seen.length),
      steps: isDurable ? [...puts, () => sync(inode.mark)] : puts,
      onFault: (code) => {
        // All of it may be there, too: some systems find out only afterwards that there was no room.
        put(0, this.#chance.isOneIn(3) ? bytes.length : this.#chance.below(bytes.length + 1))();
        if (isDurable && code === 'broken') inode.failSync(this.#chance);
      },
      result: () => undefined,
    };
  }

  /** Of syncs under way at the same time, none says good when one has failed. */
  #syncing(inode: Inode): (mark: number) => void {
    const { failedSyncs } = inode;
    return (mark) => {
      if (inode.failedSyncs > failedSyncs) throw new DiskError('broken', 'EIO: with another sync');
      inode.sync(mark);
    };
  }

  async #perform<Result>(request: Request<Result>): Promise<Result> {
    this.#requirePower();
    const { kind, path, detail } = request;
    const name = `${kind} ${path}${detail === undefined ? '' : ` ${detail}`}`;
    const steps = [...request.steps];
    this.#underWay.add(steps);
    try {
      await this.#pace(name);
      this.#requirePower();
      const error = this.#strike(request);
      if (error !== undefined) {
        steps.length = 0;
        request.onFault?.(error.code);
        await this.#pace(`${name}: ${error.code}`);
        throw error;
      }
      while (steps.length > 0) {
        steps.shift()?.();
        if (steps.length > 0) await this.#pace(`${name}: part`);
        this.#requirePower();
      }
      const result = request.result();
      await this.#pace(`${name}: done`);
      this.#requirePower();
      return result;
    } finally {
      this.#underWay.delete(steps);
    }
  }

  #strike({ kind, path, growthBytes = 0 }: Request<unknown>): DiskError | undefined {
    const operation = { kind, path, growthBytes, usedBytes: () => this.tree.usedBytes };
    for (const fault of this.faults) {
      const error = fault(operation);
      if (error === undefined) continue;
      this.struck.add(error.code).add(`${error.code} ${kind}`);
      return error;
    }
    return undefined;
  }

  /** Nobody will hear of what was under way; some of it is done nevertheless. */
  #end(): void {
    this.#isOff = true;
    for (const steps of this.#underWay) {
      for (const step of steps.slice(0, this.#chance.below(steps.length + 1))) this.#tryStep(step);
    }
    this.#underWay.clear();
  }

  /** Two that were under way may be in each other's way. */
  #tryStep(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
  }

  #makeOne(path: string): void {
    const [directory, name] = this.tree.place(path);
    if (!directory.names.has(name)) directory.change({ added: [name, new Directory()] });
  }

  #create(path: string): void {
    const [directory, name] = this.tree.place(path);
    if (!directory.names.has(name)) directory.change({ added: [name, new Inode()] });
  }

  /** All that goes with the path, the path last. */
  #removals(path: string): string[] {
    const node = this.tree.node(path);
    if (node === undefined) return [];
    const below = node instanceof Directory ? [...node.names.keys()] : [];
    return [...below.flatMap((name) => this.#removals(`${path}/${name}`)), path];
  }

  #unlink(path: string): void {
    if (this.tree.node(path) === undefined) return;
    const [directory, removed] = this.tree.place(path);
    directory.change({ removed });
  }

  #requirePower(): void {
    if (this.#isOff) throw new DiskError('broken', 'the process is gone');
  }
}
