import { tableDescription } from '../answers/table-description.ts';
import type { TablesOperation } from '../deps.ts';
import { knownTable, tableNamed } from '../model/find-table.ts';

export const describeTable: TablesOperation<'DescribeTable'> = async (input, { tables }, context) => {
  const table = knownTable(tables, tableNamed(input.TableName, context));
  return { Table: tableDescription(table.definition, table) };
};
