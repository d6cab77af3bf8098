import type { TablesOperation } from '../deps.ts';
import { carryOut } from '../model/carry-out.ts';
import { returnedAttributes } from '../model/returned.ts';
import { checkReturnValues, deleteOf } from '../model/write-requests.ts';

export const deleteItem: TablesOperation<'DeleteItem'> = async (input, { tables }, context) => {
  checkReturnValues(input.ReturnValues, ['NONE', 'ALL_OLD']);
  return returnedAttributes(input.ReturnValues, await carryOut(tables, deleteOf(input, context)));
};
