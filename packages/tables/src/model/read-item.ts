import type { CallContext } from '@millrace/aws-protocol';
import { projection } from '../expressions/project.ts';
import type { Tables } from '../store/tables.ts';
import type { Item } from '../values/value.ts';
import { readItem, type WireItem } from '../values/wire.ts';
import { readableTable } from './find-table.ts';
import { keyOfRequest } from './item-key.ts';
import { type ProjectionInput, pathsIn, placeholdersOf } from './parameters.ts';

/** Reads items of one table by their keys; each read shows what is durable at its moment. */
export const itemReader = (
  tables: Tables,
  input: ProjectionInput & { readonly TableName: string },
  scope: Pick<CallContext, 'account' | 'region'>,
): ((key: WireItem) => Item | undefined) => {
  const placeholders = placeholdersOf(input);
  const paths = pathsIn(input, placeholders);
  placeholders.checkAllUsed();
  const project = paths && projection(paths);
  return (wireKey) => {
    const table = readableTable(tables, input.TableName, scope);
    const item = table.items.get(keyOfRequest(readItem(wireKey), table.definition.key));
    return item === undefined || project === undefined ? item : project(item);
  };
};
