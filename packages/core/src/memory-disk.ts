import { type Disk, DiskError, type DiskFile } from './ports/disk.ts';

/** Bytes one file may grow by at a time, so that appending stays linear. */
const GROWTH_BYTES_MIN = 4096;

class MemoryFile implements DiskFile {
  #bytes: Uint8Array = new Uint8Array(0);
  #size = 0;

  async size(): Promise<number> {
    return this.#size;
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    const source = this.#bytes.subarray(offset, Math.min(offset + target.length, this.#size));
    target.set(source);
    return source.length;
  }

  async write(buffers: readonly Uint8Array[], offset: number): Promise<void> {
    let end = offset;
    for (const buffer of buffers) {
      this.#reserve(end + buffer.length);
      this.#bytes.set(buffer, end);
      end += buffer.length;
    }
    this.#size = Math.max(this.#size, end);
  }

  async truncate(size: number): Promise<void> {
    this.#reserve(size);
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }

  async sync(): Promise<void> {}

  async close(): Promise<void> {}

  #reserve(size: number): void {
    if (size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(size, this.#bytes.length * 2, GROWTH_BYTES_MIN));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** A disk that lives and dies with the process: `--data-dir :memory:` and tests. */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, MemoryFile>();

  async makeDirectory(): Promise<void> {}

  async list(path: string): Promise<string[]> {
    const prefix = path === '' ? '' : `${path}/`;
    const names = new Set<string>();
    for (const file of this.#files.keys()) {
      if (file.startsWith(prefix)) names.add(file.slice(prefix.length).split('/', 1)[0] ?? '');
    }
    return [...names].sort();
  }

  async open(path: string, options: { readonly create?: boolean } = {}): Promise<DiskFile> {
    const existing = this.#files.get(path);
    if (existing !== undefined) return existing;
    if (options.create !== true) throw new DiskError('not-found', `no such file: ${path}`);
    const file = new MemoryFile();
    this.#files.set(path, file);
    return file;
  }

  async remove(path: string): Promise<void> {
    for (const file of this.#files.keys()) {
      if (file === path || file.startsWith(`${path}/`)) this.#files.delete(file);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    const file = this.#files.get(from);
    if (file === undefined) throw new DiskError('not-found', `no such file: ${from}`);
    this.#files.delete(from);
    this.#files.set(to, file);
  }

  async syncDirectory(): Promise<void> {}
}
