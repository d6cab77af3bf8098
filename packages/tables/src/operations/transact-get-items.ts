import type { TablesOperation } from '../deps.ts';
import { itemReader } from '../model/read-item.ts';
import { writeItem } from '../values/wire.ts';

/** All items as they are at one moment: nothing is written in between. */
export const transactGetItems: TablesOperation<'TransactGetItems'> = async (input, { tables }, context) => {
  const reads = input.TransactItems.map(({ Get: get }) => ({
    key: get.Key,
    read: itemReader(tables, get, context),
  }));
  const items = reads.map(({ key, read }) => read(key));
  return { Responses: items.map((item) => (item === undefined ? {} : { Item: writeItem(item) })) };
};
