import { DiskError } from '@millrace/core';
import { Directory, type Node } from './directory.ts';
import { Inode } from './inode.ts';

const namesOf = (path: string): string[] => (path === '' ? [] : path.split('/'));

/** What lies on the platters and in the system's memory. It outlives processes. */
export class DiskTree {
  readonly root = new Directory();

  node(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const name of namesOf(path)) node = node instanceof Directory ? node.names.get(name) : undefined;
    return node;
  }

  inode(path: string): Inode {
    const node = this.node(path);
    if (node instanceof Inode) return node;
    throw new DiskError('not-found', `ENOENT: ${path}`);
  }

  directory(path: string): Directory {
    const node = this.node(path);
    if (node instanceof Directory) return node;
    throw new DiskError('not-found', `ENOENT: ${path}`);
  }

  /** The directory that a path's last name stands in, and the name. */
  place(path: string): readonly [Directory, string] {
    const names = namesOf(path);
    const name = names.pop() ?? '';
    return [this.directory(names.join('/')), name];
  }

  /** Paths of all files, sorted. */
  get paths(): string[] {
    return [...this.#files(this.root, '')].map(([path]) => path).sort();
  }

  get usedBytes(): number {
    let total = 0;
    for (const [, inode] of this.#files(this.root, '')) total += inode.seen.length;
    return total;
  }

  *#files(directory: Directory, prefix: string): Iterable<readonly [string, Inode]> {
    for (const [name, node] of directory.names) {
      if (node instanceof Inode) yield [prefix + name, node];
      else yield* this.#files(node, `${prefix}${name}/`);
    }
  }
}
