import { Cursor } from './cursor.ts';
import { checkDistinct } from './distinct-paths.ts';
import type { Placeholders } from './placeholders.ts';
import type { Path } from './tree.ts';

/** `projection = path { "," path }` */
export const parseProjection = (text: string, placeholders: Placeholders): readonly Path[] => {
  const cursor = new Cursor('ProjectionExpression', text, placeholders);
  const paths = cursor.list((): Path => {
    const path = cursor.takePath();
    if (path === undefined) throw cursor.syntaxError();
    return path;
  });
  cursor.expectEnd();
  checkDistinct(cursor, paths);
  return paths;
};
