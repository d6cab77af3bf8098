import type { TablesOperation } from '../deps.ts';
import { itemReader } from '../model/read-item.ts';
import { writeItem } from '../values/wire.ts';

/** Every read is a consistent one: what is durable is shown at once. */
export const getItem: TablesOperation<'GetItem'> = async (input, { tables }, context) => {
  const item = itemReader(tables, input, context)(input.Key);
  return item === undefined ? {} : { Item: writeItem(item) };
};
