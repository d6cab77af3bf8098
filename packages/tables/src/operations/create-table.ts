import type { CreateTableInput } from '@millrace/aws-model/dynamodb';
import { tableDescription } from '../answers/table-description.ts';
import type { TablesDeps, TablesOperation } from '../deps.ts';
import { invalid, invalidParameter, limitExceeded, tableExists } from '../errors.ts';
import { decide } from '../model/decide.ts';
import { tableNamed } from '../model/find-table.ts';
import {
  attributesOf,
  checkAllUsed,
  readIndex,
  readKeySchema,
  readThroughput,
} from '../model/read-schema.ts';
import {
  INDEXES_MAX,
  type IndexDefinition,
  type TableDefinition,
  type TableId,
  type TableName,
} from '../model/table-definition.ts';
import { tagsWith } from '../model/tags.ts';
import { refuseUnbuilt } from '../model/unbuilt-settings.ts';
import { putTable, type Tables } from '../store/tables.ts';

/** Of an account in a region (API documentation). */
const TABLES_MAX = 2_500;

const indexesOf = (
  { GlobalSecondaryIndexes: inputs = [], BillingMode: mode = 'PROVISIONED' }: CreateTableInput,
  attributes: ReturnType<typeof attributesOf>,
): readonly IndexDefinition[] => {
  const names = inputs.map(({ IndexName }) => IndexName);
  const duplicate = names.find((name, index) => names.indexOf(name) < index);
  if (duplicate !== undefined) throw invalidParameter(`Duplicate index name: ${duplicate}`);
  if (names.length > INDEXES_MAX) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${INDEXES_MAX}`);
  }
  return inputs.map((input) => readIndex(input, attributes, mode));
};

const definitionOf = (input: CreateTableInput, name: TableName, deps: TablesDeps): TableDefinition => {
  const { BillingMode: mode = 'PROVISIONED', KeySchema: schema } = input;
  if (schema === undefined || input.AttributeDefinitions === undefined) {
    throw invalid(
      "1 validation error detected: Value null at 'keySchema' failed to satisfy constraint: Member must not be null",
    );
  }
  const attributes = attributesOf(input.AttributeDefinitions);
  const key = readKeySchema(schema, attributes);
  const indexes = indexesOf(input, attributes);
  checkAllUsed(attributes, [key, ...indexes.map((index) => index.key)]);
  const nowMs = deps.clock.now();
  return {
    id: deps.random.uuid() as TableId,
    account: name.account,
    region: name.region,
    name: name.name,
    status: 'CREATING',
    createdAtMs: nowMs,
    key,
    indexes,
    billingMode: mode,
    ...(mode === 'PAY_PER_REQUEST' ? { onDemandSinceMs: nowMs } : {}),
    throughput: readThroughput('table', name.name, mode, input.ProvisionedThroughput),
    tableClass: input.TableClass ?? 'STANDARD',
    isProtected: input.DeletionProtectionEnabled ?? false,
    tags: tagsWith([], input.Tags ?? []),
  };
};

const checkCount = (tables: Tables, { account, region }: TableName): void => {
  const own = [...tables.all()].filter(
    ({ definition }) => definition.account === account && definition.region === region,
  );
  if (own.length < TABLES_MAX) return;
  throw limitExceeded(`Subscriber limit exceeded: there is a limit of ${TABLES_MAX} tables per subscriber`);
};

/** Answers once the table is on record as CREATING; the life cycle makes it ACTIVE. */
export const createTable: TablesOperation<'CreateTable'> = async (input, deps, context) => {
  const { tables } = deps;
  refuseUnbuilt(input);
  const definition = definitionOf(input, tableNamed(input.TableName, context), deps);
  return decide(tables, () => {
    if (tables.newestTable(definition) !== undefined) throw tableExists(definition.name);
    checkCount(tables, definition);
    return {
      changes: [putTable(definition)],
      answer: { TableDescription: tableDescription(definition, undefined) },
    };
  });
};
