import type { ReturnValue } from '@millrace/aws-model/dynamodb';
import { projection } from '../expressions/project.ts';
import type { Path } from '../expressions/tree.ts';
import type { Item } from '../values/value.ts';
import { type WireItem, writeItem } from '../values/wire.ts';
import type { DecidedWrite } from './item-write.ts';

type Choose = (write: DecidedWrite, paths: readonly Path[]) => Item | undefined;

const touched = (item: Item | undefined, paths: readonly Path[]): Item | undefined =>
  item && projection(paths)(item);

const CHOICES: Readonly<Record<ReturnValue, Choose>> = {
  NONE: () => undefined,
  ALL_OLD: ({ before }) => before,
  ALL_NEW: ({ after }) => after,
  UPDATED_OLD: ({ before }, paths) => touched(before, paths),
  UPDATED_NEW: ({ after }, paths) => touched(after, paths),
};

/** The attributes that a write answers; none where there is nothing to tell. */
export const returnedAttributes = (
  wanted: ReturnValue = 'NONE',
  write: DecidedWrite,
  paths: readonly Path[] = [],
): { readonly Attributes?: WireItem } => {
  const item = CHOICES[wanted](write, paths);
  return item === undefined || item.size === 0 ? {} : { Attributes: writeItem(item) };
};
