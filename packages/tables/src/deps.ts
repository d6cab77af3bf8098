import type { DynamoDbOperations } from '@millrace/aws-model/dynamodb';
import type { Operation } from '@millrace/aws-protocol';
import type { Clock, Random } from '@millrace/core';
import type { Tables } from './store/tables.ts';

/** What every operation gets. */
export interface TablesDeps {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly random: Random;
}

export type TablesOperation<Name extends keyof DynamoDbOperations> = Operation<
  DynamoDbOperations,
  Name,
  TablesDeps
>;
