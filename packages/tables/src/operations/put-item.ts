import type { TablesOperation } from '../deps.ts';
import { carryOut } from '../model/carry-out.ts';
import { returnedAttributes } from '../model/returned.ts';
import { checkReturnValues, putOf } from '../model/write-requests.ts';

export const putItem: TablesOperation<'PutItem'> = async (input, { tables }, context) => {
  checkReturnValues(input.ReturnValues, ['NONE', 'ALL_OLD']);
  return returnedAttributes(input.ReturnValues, await carryOut(tables, putOf(input, context)));
};
