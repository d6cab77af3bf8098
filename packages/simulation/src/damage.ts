import type { Chance } from './chance.ts';
import type { DiskTree } from './disk-tree.ts';
import type { Damage } from './scenario.ts';

/** Bytes at the end of a file, for damage there. */
const END_BYTES = 40;

export interface Damaged {
  readonly path: string;
  readonly offset: number;
}

type Harm = (tree: DiskTree, path: string, chance: Chance) => number;

const flip = (tree: DiskTree, path: string, chance: Chance, from: number): number => {
  const inode = tree.inode(path);
  const offset = from + chance.below(inode.seen.length - from);
  inode.flipBit(offset, chance.below(8));
  return offset;
};

const HARMS: Readonly<Record<Exclude<Damage, 'none'>, Harm>> = {
  'a flipped bit': (tree, path, chance) => flip(tree, path, chance, 0),
  'a flipped bit at the end': (tree, path, chance) =>
    flip(tree, path, chance, Math.max(0, tree.inode(path).seen.length - END_BYTES)),
  'a cut end': (tree, path, chance) => {
    const inode = tree.inode(path);
    const size = Math.max(0, inode.seen.length - chance.between(1, END_BYTES));
    inode.truncate(size);
    inode.sync(inode.mark);
    return size;
  },
  'a lost file': (tree, path) => {
    const [directory, removed] = tree.place(path);
    directory.change({ removed });
    directory.sync(directory.mark);
    return 0;
  },
};

/** Harms one file that holds something. */
export const damage = (kind: Damage, tree: DiskTree, chance: Chance): Damaged => {
  const paths = tree.paths.filter((path) => tree.inode(path).seen.length > 0);
  if (kind === 'none' || paths.length === 0) return { path: '', offset: 0 };
  const path = chance.pick(paths);
  return { path, offset: HARMS[kind](tree, path, chance) };
};
