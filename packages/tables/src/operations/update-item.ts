import type { TablesOperation } from '../deps.ts';
import { carryOut } from '../model/carry-out.ts';
import { returnedAttributes } from '../model/returned.ts';
import { updateOf } from '../model/write-requests.ts';

export const updateItem: TablesOperation<'UpdateItem'> = async (input, { tables }, context) => {
  const { write, paths } = updateOf(input, context);
  return returnedAttributes(input.ReturnValues, await carryOut(tables, write), paths);
};
