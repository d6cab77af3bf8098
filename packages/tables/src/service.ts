import type { DynamoDbOperations } from '@millrace/aws-model/dynamodb';
import { defineService, type ServiceTable, unsupported } from '@millrace/aws-protocol';
import type { TablesDeps } from './deps.ts';
import { batchGetItem } from './operations/batch-get-item.ts';
import { batchWriteItem } from './operations/batch-write-item.ts';
import { createTable } from './operations/create-table.ts';
import { deleteItem } from './operations/delete-item.ts';
import { deleteTable } from './operations/delete-table.ts';
import { describeContinuousBackups } from './operations/describe-continuous-backups.ts';
import { describeTable } from './operations/describe-table.ts';
import { describeTimeToLive } from './operations/describe-time-to-live.ts';
import { getItem } from './operations/get-item.ts';
import { listTables } from './operations/list-tables.ts';
import { listTagsOfResource } from './operations/list-tags-of-resource.ts';
import { putItem } from './operations/put-item.ts';
import { query } from './operations/query.ts';
import { scan } from './operations/scan.ts';
import { tagResource } from './operations/tag-resource.ts';
import { transactGetItems } from './operations/transact-get-items.ts';
import { transactWriteItems } from './operations/transact-write-items.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateContinuousBackups } from './operations/update-continuous-backups.ts';
import { updateItem } from './operations/update-item.ts';
import { updateTable } from './operations/update-table.ts';
import { updateTimeToLive } from './operations/update-time-to-live.ts';

const partiQl = unsupported('there is no PartiQL here; use the item operations');
const backups = unsupported("tables are not backed up one by one; copy the server's data directory");
const globalTables = unsupported("there is one region's tables, kept in one place");
const policies = unsupported('tables have no policies of their own');
const insights = unsupported('nothing is counted by key here');
const endpoints = unsupported('the endpoint is the one that was asked');
const files = unsupported('tables are not exported to or imported from S3');
const changeStreams = unsupported("a table's changes are not sent to a stream");
const quotas = unsupported('throughput is not metered');

/** Every operation of the API: its handler, or why there is none. */
export const dynamoDbTable: ServiceTable<DynamoDbOperations, TablesDeps> = defineService<
  DynamoDbOperations,
  TablesDeps
>()({
  BatchExecuteStatement: partiQl,
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CreateBackup: backups,
  CreateGlobalTable: globalTables,
  CreateTable: createTable,
  DeleteBackup: backups,
  DeleteItem: deleteItem,
  DeleteResourcePolicy: policies,
  DeleteTable: deleteTable,
  DescribeBackup: backups,
  DescribeContinuousBackups: describeContinuousBackups,
  DescribeContributorInsights: insights,
  DescribeEndpoints: endpoints,
  DescribeExport: files,
  DescribeGlobalTable: globalTables,
  DescribeGlobalTableSettings: globalTables,
  DescribeImport: files,
  DescribeKinesisStreamingDestination: changeStreams,
  DescribeLimits: quotas,
  DescribeTable: describeTable,
  DescribeTableReplicaAutoScaling: globalTables,
  DescribeTimeToLive: describeTimeToLive,
  DisableKinesisStreamingDestination: changeStreams,
  EnableKinesisStreamingDestination: changeStreams,
  ExecuteStatement: partiQl,
  ExecuteTransaction: partiQl,
  ExportTableToPointInTime: files,
  GetItem: getItem,
  GetResourcePolicy: policies,
  ImportTable: files,
  ListBackups: backups,
  ListContributorInsights: insights,
  ListExports: files,
  ListGlobalTables: globalTables,
  ListImports: files,
  ListTables: listTables,
  ListTagsOfResource: listTagsOfResource,
  PutItem: putItem,
  PutResourcePolicy: policies,
  Query: query,
  RestoreTableFromBackup: backups,
  RestoreTableToPointInTime: backups,
  Scan: scan,
  TagResource: tagResource,
  TransactGetItems: transactGetItems,
  TransactWriteItems: transactWriteItems,
  UntagResource: untagResource,
  UpdateContinuousBackups: updateContinuousBackups,
  UpdateContributorInsights: insights,
  UpdateGlobalTable: globalTables,
  UpdateGlobalTableSettings: globalTables,
  UpdateItem: updateItem,
  UpdateKinesisStreamingDestination: changeStreams,
  UpdateTable: updateTable,
  UpdateTableReplicaAutoScaling: globalTables,
  UpdateTimeToLive: updateTimeToLive,
});
