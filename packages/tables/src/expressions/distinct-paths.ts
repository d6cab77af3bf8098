import type { Cursor } from './cursor.ts';
import { type Path, printedPath } from './tree.ts';

/** How two paths stand to each other, from their first steps on. */
const relation = (a: Path, b: Path): 'overlap' | 'conflict' | 'apart' => {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    if (a[index] === b[index]) continue;
    return typeof a[index] === typeof b[index] ? 'apart' : 'conflict';
  }
  return 'overlap';
};

/** Refuses two paths one of which leads through the other, or that take one place for a list and for a map. */
export const checkDistinct = (cursor: Cursor, paths: readonly Path[]): void => {
  for (const [index, path] of paths.entries()) {
    for (const earlier of paths.slice(0, index)) {
      const found = relation(earlier, path);
      if (found === 'apart') continue;
      throw cursor.error(
        `Two document paths ${found} with each other; must remove or rewrite one of these paths; path one: ${printedPath(earlier)}, path two: ${printedPath(path)}`,
      );
    }
  }
};
