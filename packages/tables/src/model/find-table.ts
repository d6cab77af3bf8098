import type { CallContext } from '@millrace/aws-protocol';
import { parseArn } from '@millrace/core';
import { invalid, noSuchTable, noSuchTableNamed } from '../errors.ts';
import type { TableData } from '../store/table-data.ts';
import type { Tables } from '../store/tables.ts';
import type { TableDefinition, TableName } from './table-definition.ts';

type Scope = Pick<CallContext, 'account' | 'region'>;

/** API documentation. */
const NAME_FORM = /^[a-zA-Z0-9_.-]*$/;
const LENGTH_MIN = 3;
const LENGTH_MAX = 255;

const TABLE_RESOURCE = /^table\/([^/]+)$/;

/** Undefined for what is no table's ARN. */
export const tableOfArn = (text: string): TableName | undefined => {
  const arn = parseArn(text);
  const [, name] = TABLE_RESOURCE.exec(arn?.resource ?? '') ?? [];
  if (arn?.service !== 'dynamodb' || name === undefined) return undefined;
  return { account: arn.account, region: arn.region, name };
};

const checkedName = (name: string): string => {
  if (name.length < LENGTH_MIN || name.length > LENGTH_MAX) {
    throw invalid(
      `TableName must be at least ${LENGTH_MIN} characters long and at most ${LENGTH_MAX} characters long`,
    );
  }
  if (NAME_FORM.test(name)) return name;
  throw invalid(
    `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`,
  );
};

/** A table is called by its name or by its ARN. */
export const tableNamed = (text: string, { account, region }: Scope): TableName =>
  tableOfArn(text) ?? { account, region, name: checkedName(text) };

const IN_USE = ['ACTIVE', 'UPDATING'];

/** A table whose items can be read. */
export const readableTable = (tables: Tables, text: string, scope: Scope): TableData => {
  const table = tables.find(tableNamed(text, scope));
  if (table === undefined || !IN_USE.includes(table.definition.status)) throw noSuchTable();
  return table;
};

/** A table whose items can be written, as it is at this moment. */
export const writableTable = (tables: Tables, name: TableName): TableDefinition => {
  const table = tables.newestTable(name);
  if (table === undefined || !IN_USE.includes(table.status)) throw noSuchTable();
  return table;
};

/** For operations that change or describe tables, whatever state those are in. */
export const knownTable = (tables: Tables, name: TableName): TableData => {
  const table = tables.find(name);
  if (table === undefined) throw noSuchTableNamed(name.name);
  return table;
};

export const newestKnownTable = (tables: Tables, name: TableName): TableDefinition => {
  const table = tables.newestTable(name);
  if (table === undefined) throw noSuchTableNamed(name.name);
  return table;
};
