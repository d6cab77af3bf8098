import type { Tag } from '@millrace/aws-model/dynamodb';
import { invalid, invalidParameter, noSuchResource } from '../errors.ts';
import type { Tables } from '../store/tables.ts';
import { tableOfArn } from './find-table.ts';
import type { TableDefinition } from './table-definition.ts';

/** API documentation. */
const TAGS_MAX = 50;

export type Tags = TableDefinition['tags'];

/** The tags with these in the place of those of the same keys. */
export const tagsWith = (tags: Tags, given: readonly Tag[]): Tags => {
  if (new Set(given.map(({ Key }) => Key)).size < given.length) {
    throw invalidParameter('Duplicate tag key');
  }
  const all = [...new Map([...tags, ...given.map(({ Key, Value }) => [Key, Value] as const)])];
  if (all.length > TAGS_MAX) throw invalid(`Too many tags: a table can have no more than ${TAGS_MAX}`);
  return all;
};

/** The table that an ARN means, as it is at this moment. */
export const tableOfResource = (tables: Tables, arn: string): TableDefinition => {
  const name = tableOfArn(arn);
  if (name === undefined) throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  const table = tables.newestTable(name);
  if (table === undefined) throw noSuchResource(arn);
  return table;
};
