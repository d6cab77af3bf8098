import type {
  GlobalSecondaryIndexDescription,
  KeySchemaElement,
  ProvisionedThroughputDescription,
  TableDescription,
} from '@millrace/aws-model/dynamodb';
import { indexArn, tableArn } from '../model/table-arn.ts';
import {
  allKeyAttributes,
  type IndexDefinition,
  type KeySchema,
  type TableDefinition,
  type Throughput,
} from '../model/table-definition.ts';
import type { TableData } from '../store/table-data.ts';

const keySchema = ({ hash, range }: KeySchema): readonly KeySchemaElement[] => [
  { AttributeName: hash.name, KeyType: 'HASH' },
  ...(range === undefined ? [] : [{ AttributeName: range.name, KeyType: 'RANGE' as const }]),
];

const throughputAnswer = ({ read, write }: Throughput): ProvisionedThroughputDescription => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: read,
  WriteCapacityUnits: write,
});

const indexAnswer = (
  table: TableDefinition,
  { name, key, projection, included, status, throughput }: IndexDefinition,
  data: TableData | undefined,
): GlobalSecondaryIndexDescription => ({
  IndexName: name,
  KeySchema: keySchema(key),
  Projection: {
    ProjectionType: projection,
    ...(included.length === 0 ? {} : { NonKeyAttributes: included }),
  },
  IndexStatus: status,
  ...(status === 'CREATING' ? { Backfilling: true } : {}),
  ProvisionedThroughput: throughputAnswer(throughput),
  IndexSizeBytes: data?.index(name)?.bytes ?? 0,
  ItemCount: data?.index(name)?.items.size ?? 0,
  IndexArn: indexArn(table, name),
});

const billingAnswer = ({ billingMode, onDemandSinceMs }: TableDefinition) => ({
  BillingMode: billingMode,
  ...(onDemandSinceMs === undefined ? {} : { LastUpdateToPayPerRequestDateTime: onDemandSinceMs }),
});

/** `data` is what there is of it; counts are those of the moment. */
export const tableDescription = (table: TableDefinition, data: TableData | undefined): TableDescription => ({
  AttributeDefinitions: allKeyAttributes(table).map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type,
  })),
  TableName: table.name,
  KeySchema: keySchema(table.key),
  TableStatus: table.status,
  CreationDateTime: table.createdAtMs,
  ProvisionedThroughput: throughputAnswer(table.throughput),
  TableSizeBytes: data?.bytes ?? 0,
  ItemCount: data?.items.size ?? 0,
  TableArn: tableArn(table),
  TableId: table.id,
  ...(table.billingMode === 'PROVISIONED' && table.onDemandSinceMs === undefined
    ? {}
    : { BillingModeSummary: billingAnswer(table) }),
  ...(table.indexes.length === 0
    ? {}
    : { GlobalSecondaryIndexes: table.indexes.map((index) => indexAnswer(table, index, data)) }),
  TableClassSummary: { TableClass: table.tableClass },
  DeletionProtectionEnabled: table.isProtected,
});
