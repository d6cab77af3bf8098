import { type Disk, DiskError, type DiskFile } from '@millrace/core';

/**
 * A process's hold on a disk that outlives it: after `cut` nothing of that process reaches the disk any more,
 * as after kill -9. What was written stays.
 */
export class CutDisk implements Disk {
  readonly #disk: Disk;
  #isCut = false;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  cut(): void {
    this.#isCut = true;
  }

  makeDirectory(path: string): Promise<void> {
    return this.#unlessCut(() => this.#disk.makeDirectory(path));
  }

  list(path: string): Promise<string[]> {
    return this.#unlessCut(() => this.#disk.list(path));
  }

  async open(path: string, options?: { readonly create?: boolean }): Promise<DiskFile> {
    const file = await this.#unlessCut(() => this.#disk.open(path, options));
    const guarded = <Result>(task: () => Promise<Result>) => this.#unlessCut(task);
    return {
      size: () => guarded(() => file.size()),
      read: (target, offset) => guarded(() => file.read(target, offset)),
      write: (buffers, offset) => guarded(() => file.write(buffers, offset)),
      truncate: (size) => guarded(() => file.truncate(size)),
      sync: () => guarded(() => file.sync()),
      close: () => file.close(),
    };
  }

  remove(path: string): Promise<void> {
    return this.#unlessCut(() => this.#disk.remove(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#unlessCut(() => this.#disk.rename(from, to));
  }

  syncDirectory(path: string): Promise<void> {
    return this.#unlessCut(() => this.#disk.syncDirectory(path));
  }

  async #unlessCut<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#isCut) throw new DiskError('broken', 'the process is gone');
    return task();
  }
}
