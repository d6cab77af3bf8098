import { tableDescription } from '../answers/table-description.ts';
import type { TablesOperation } from '../deps.ts';
import { invalid, tableInUse } from '../errors.ts';
import { decide } from '../model/decide.ts';
import { newestKnownTable, tableNamed } from '../model/find-table.ts';
import { tableArn } from '../model/table-arn.ts';
import type { TableDefinition } from '../model/table-definition.ts';
import { putTable } from '../store/tables.ts';

const checkDeletable = (table: TableDefinition): void => {
  if (table.isProtected) {
    throw invalid(
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. ResourceArn: ${tableArn(table)}`,
    );
  }
  if (table.status === 'CREATING') throw tableInUse(`Table is being created: ${table.name}`);
  if (table.status === 'UPDATING') throw tableInUse(`Table is being updated: ${table.name}`);
};

/** Answers once the table is on record as DELETING; the life cycle removes it with its items. */
export const deleteTable: TablesOperation<'DeleteTable'> = async (input, { tables }, context) => {
  const name = tableNamed(input.TableName, context);
  return decide(tables, () => {
    const table = newestKnownTable(tables, name);
    checkDeletable(table);
    const deleting: TableDefinition = { ...table, status: 'DELETING' };
    return {
      changes: table.status === 'DELETING' ? [] : [putTable(deleting)],
      answer: { TableDescription: tableDescription(deleting, tables.find(name)) },
    };
  });
};
