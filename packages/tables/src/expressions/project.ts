import type { Item, Value } from '../values/value.ts';
import type { Path } from './tree.ts';

/** Which parts are wanted; undefined for all of it. */
type Wanted = Map<string | number, Wanted> | undefined;

const treeOf = (paths: readonly Path[]): Map<string | number, Wanted> => {
  const tree = new Map<string | number, Wanted>();
  for (const path of paths) {
    let at = tree;
    for (const [index, step] of path.entries()) {
      const inner: Wanted = index === path.length - 1 ? undefined : (at.get(step) ?? new Map());
      at.set(step, inner);
      if (inner !== undefined) at = inner;
    }
  }
  return tree;
};

const partOf = (value: Value | undefined, wanted: Wanted): Value | undefined => {
  if (wanted === undefined || value === undefined) return value;
  if (value.type === 'M') {
    const part = partOfItem(value.value, wanted);
    return part.size === 0 ? undefined : { type: 'M', value: part };
  }
  if (value.type !== 'L') return undefined;
  const list = value.value.flatMap((member, index) => {
    const part = wanted.has(index) ? partOf(member, wanted.get(index)) : undefined;
    return part === undefined ? [] : [part];
  });
  return list.length === 0 ? undefined : { type: 'L', value: list };
};

const partOfItem = (item: Item, wanted: Map<string | number, Wanted>): Item => {
  const part = new Map<string, Value>();
  for (const [step, inner] of wanted) {
    const value = typeof step === 'string' ? partOf(item.get(step), inner) : undefined;
    if (value !== undefined) part.set(step as string, value);
  }
  return part;
};

/** What of an item stands at the paths; members of lists close up. */
export const projection = (paths: readonly Path[]): ((item: Item) => Item) => {
  const wanted = treeOf(paths);
  return (item) => partOfItem(item, wanted);
};
