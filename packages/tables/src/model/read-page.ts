import type { Select } from '@millrace/aws-model/dynamodb';
import { isTrue } from '../expressions/evaluate-condition.ts';
import type { KeyRange } from '../expressions/key-condition.ts';
import { projection } from '../expressions/project.ts';
import type { Condition, Path } from '../expressions/tree.ts';
import { itemBytes } from '../values/size.ts';
import type { Item } from '../values/value.ts';
import { type WireItem, writeItem } from '../values/wire.ts';
import type { PageSource } from './page-source.ts';

/** Of the items that one page looks at (API documentation). */
const PAGE_BYTES_MAX = 1024 * 1024;

export interface PageRequest {
  readonly source: PageSource;
  readonly range: KeyRange;
  readonly isForward: boolean;
  /** Items to look at; those that the filter takes out count. */
  readonly limit: number | undefined;
  readonly filter: Condition | undefined;
  readonly paths: readonly Path[] | undefined;
  readonly select: Select | undefined;
}

export interface Page {
  readonly Items?: readonly WireItem[];
  readonly Count: number;
  readonly ScannedCount: number;
  readonly LastEvaluatedKey?: WireItem;
}

/** Looks at items in order until the range, the limit or the page ends. */
const look = ({ source, range, isForward, limit = Infinity }: PageRequest) => {
  const walk = isForward ? source.items.forward : source.items.backward;
  const seen: Item[] = [];
  let bytes = 0;
  for (const [, stored] of walk.call(source.items, range.low, range.high)) {
    const item = source.project(stored);
    seen.push(item);
    bytes += itemBytes(item);
    if (seen.length >= limit || bytes > PAGE_BYTES_MAX) return { seen, last: stored };
  }
  return { seen, last: undefined };
};

export const readPage = (request: PageRequest): Page => {
  const { source, filter, paths, select } = request;
  const { seen, last } = look(request);
  const found = filter === undefined ? seen : seen.filter((item) => isTrue(filter, item));
  const project = paths === undefined ? (item: Item) => item : projection(paths);
  return {
    ...(select === 'COUNT' ? {} : { Items: found.map((item) => writeItem(project(item))) }),
    Count: found.length,
    ScannedCount: seen.length,
    ...(last === undefined ? {} : { LastEvaluatedKey: writeItem(source.keyIn(last)) }),
  };
};
