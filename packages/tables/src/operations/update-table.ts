import type { GlobalSecondaryIndexUpdate, UpdateTableInput } from '@millrace/aws-model/dynamodb';
import { tableDescription } from '../answers/table-description.ts';
import type { TablesOperation } from '../deps.ts';
import { invalid, invalidParameter, limitExceeded, tableInUse } from '../errors.ts';
import { decide } from '../model/decide.ts';
import { newestKnownTable, tableNamed } from '../model/find-table.ts';
import { type Attributes, attributesOf, readIndex, readThroughput } from '../model/read-schema.ts';
import {
  allKeyAttributes,
  INDEXES_MAX,
  type IndexDefinition,
  NO_THROUGHPUT,
  type TableDefinition,
} from '../model/table-definition.ts';
import { refuseUnbuilt } from '../model/unbuilt-settings.ts';
import { putTable } from '../store/tables.ts';

const CHANGES = [
  'BillingMode',
  'ProvisionedThroughput',
  'GlobalSecondaryIndexUpdates',
  'TableClass',
  'DeletionProtectionEnabled',
  'StreamSpecification',
  'SSESpecification',
] as const;

const checkChanges = (input: UpdateTableInput): void => {
  if (CHANGES.some((member) => input[member] !== undefined)) return;
  throw invalid(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
  );
};

const checkUpdatable = ({ status, name }: TableDefinition): void => {
  if (status === 'ACTIVE') return;
  const state = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted' }[status];
  throw tableInUse(`Table is being ${state}: ${name}`);
};

const withBilling = (table: TableDefinition, input: UpdateTableInput, nowMs: number): TableDefinition => {
  const { BillingMode: mode = table.billingMode, ProvisionedThroughput: given } = input;
  if (input.BillingMode === undefined && given === undefined) return table;
  const throughput = readThroughput('table', table.name, mode, given);
  if (mode === 'PROVISIONED') return { ...table, billingMode: mode, throughput };
  const indexes = table.indexes.map((index) => ({ ...index, throughput: NO_THROUGHPUT }));
  return { ...table, billingMode: mode, throughput, indexes, onDemandSinceMs: nowMs };
};

/** Attributes that the table's keys have already keep their type. */
const attributesWith = (table: TableDefinition, given: Attributes): Attributes => {
  const known = allKeyAttributes(table);
  const changed = known.find(({ name, type }) => (given.get(name)?.type ?? type) !== type);
  if (changed !== undefined) {
    throw invalidParameter(`Cannot change the type of an attribute that is part of a key: ${changed.name}`);
  }
  return new Map([...known.map((attribute) => [attribute.name, attribute] as const), ...given]);
};

const requireIndex = ({ indexes }: TableDefinition, name: string): IndexDefinition => {
  const index = indexes.find((one) => one.name === name);
  if (index !== undefined) return index;
  throw invalid(`The table does not have the specified index: ${name}`);
};

const replaced = (table: TableDefinition, changed: IndexDefinition): TableDefinition => ({
  ...table,
  indexes: table.indexes.map((index) => (index.name === changed.name ? changed : index)),
});

const withIndexChange = (
  table: TableDefinition,
  { Create: create, Update: update, Delete: removal }: GlobalSecondaryIndexUpdate,
  attributes: Attributes,
): TableDefinition => {
  if ([create, update, removal].filter((one) => one !== undefined).length !== 1) {
    throw invalidParameter('Only one of Create, Update and Delete can be in one GlobalSecondaryIndexUpdate');
  }
  if (create !== undefined) {
    if (table.indexes.some(({ name }) => name === create.IndexName)) {
      throw invalid(`Attempting to create an index which already exists`);
    }
    const index = readIndex(create, attributesWith(table, attributes), table.billingMode);
    return { ...table, indexes: [...table.indexes, index] };
  }
  if (removal !== undefined) {
    return replaced(table, { ...requireIndex(table, removal.IndexName), status: 'DELETING' });
  }
  const name = update?.IndexName ?? '';
  const throughput = readThroughput('index', name, table.billingMode, update?.ProvisionedThroughput);
  return replaced(table, { ...requireIndex(table, name), throughput });
};

const checkOneAtATime = (updates: readonly GlobalSecondaryIndexUpdate[]): void => {
  if (updates.filter(({ Create, Delete }) => Create !== undefined || Delete !== undefined).length <= 1)
    return;
  throw limitExceeded(
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );
};

const withIndexes = (table: TableDefinition, input: UpdateTableInput): TableDefinition => {
  const { GlobalSecondaryIndexUpdates: updates = [], AttributeDefinitions: definitions } = input;
  checkOneAtATime(updates);
  const attributes = attributesOf(definitions);
  const changed = updates.reduce((before, update) => withIndexChange(before, update, attributes), table);
  if (changed.indexes.length > INDEXES_MAX) {
    throw limitExceeded(`GlobalSecondaryIndex count exceeds the per-table limit of ${INDEXES_MAX}`);
  }
  return changed;
};

/** Answers once the table is on record as UPDATING; the life cycle does what is to be done and makes it ACTIVE. */
export const updateTable: TablesOperation<'UpdateTable'> = async (input, { tables, clock }, context) => {
  checkChanges(input);
  refuseUnbuilt(input);
  const name = tableNamed(input.TableName, context);
  return decide(tables, () => {
    const table = newestKnownTable(tables, name);
    checkUpdatable(table);
    const changed: TableDefinition = {
      ...withIndexes(withBilling(table, input, clock.now()), input),
      tableClass: input.TableClass ?? table.tableClass,
      isProtected: input.DeletionProtectionEnabled ?? table.isProtected,
      status: 'UPDATING',
    };
    return {
      changes: [putTable(changed)],
      answer: { TableDescription: tableDescription(changed, tables.find(name)) },
    };
  });
};
