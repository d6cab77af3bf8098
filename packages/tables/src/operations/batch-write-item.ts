import type { WriteRequest } from '@millrace/aws-model/dynamodb';
import type { CallContext } from '@millrace/aws-protocol';
import type { TablesOperation } from '../deps.ts';
import { invalid } from '../errors.ts';
import { carryOut } from '../model/carry-out.ts';
import { writableTable } from '../model/find-table.ts';
import type { ItemWrite } from '../model/item-write.ts';
import { deleteOf, putOf } from '../model/write-requests.ts';
import type { Tables } from '../store/tables.ts';

/** Of one call, all tables together (API documentation). */
const WRITES_MAX = 25;

const writeOf = (name: string, request: WriteRequest, context: CallContext): ItemWrite => {
  const { PutRequest: put, DeleteRequest: removal } = request;
  if ((put === undefined) === (removal === undefined)) {
    throw invalid('Every request of a batch has to be one PutRequest or one DeleteRequest');
  }
  if (put !== undefined) return putOf({ TableName: name, Item: put.Item }, context);
  return deleteOf({ TableName: name, Key: removal?.Key ?? {} }, context);
};

/** Looks at all keys before anything is written. */
const checkDistinct = (tables: Tables, writes: readonly ItemWrite[]): void => {
  const places = writes.map(({ table, keyIn }) => {
    const definition = writableTable(tables, table);
    return `${definition.id}/${keyIn(definition)}`;
  });
  if (new Set(places).size < places.length) throw invalid('Provided list of item keys contains duplicates');
};

/** Each write stands for itself; the call answers when all of them are durable. */
export const batchWriteItem: TablesOperation<'BatchWriteItem'> = async (input, { tables }, context) => {
  const writes = Object.entries(input.RequestItems).flatMap(([name, requests]) =>
    requests.map((request) => writeOf(name, request, context)),
  );
  if (writes.length > WRITES_MAX) throw invalid('Too many items requested for the BatchWriteItem call');
  checkDistinct(tables, writes);
  await Promise.all(writes.map((write) => carryOut(tables, write)));
  return { UnprocessedItems: {} };
};
