import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { type Clock, pause } from '@millrace/client-common';
import { ConsumerError } from '../errors.ts';
import { KEY_ATTRIBUTES, OWNER_INDEX } from './owner-index.ts';

/** Between two looks at a table that is being made. */
const POLL_MS = 1_000;
const POLLS_MAX = 600;

const statusOf = async (client: DynamoDBClient, TableName: string): Promise<string | undefined> => {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    return Table?.TableStatus;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
};

const create = async (client: DynamoDBClient, TableName: string): Promise<void> => {
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
        AttributeDefinitions: [...KEY_ATTRIBUTES],
        // From the beginning it costs nothing; later it takes minutes to fill.
        GlobalSecondaryIndexes: [OWNER_INDEX],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  } catch (error) {
    // Another worker was faster.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
};

/** Makes the table if it is not there, and waits until it is active. */
export const prepareLeaseTable = async (
  client: DynamoDBClient,
  tableName: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> => {
  for (let polls = 0; polls < POLLS_MAX && !signal.aborted; polls++) {
    const status = await statusOf(client, tableName);
    if (status === 'ACTIVE' || status === 'UPDATING') return;
    if (status === undefined) await create(client, tableName);
    else await pause(clock, POLL_MS, signal);
  }
  if (!signal.aborted) throw new ConsumerError('StartFailed', `table ${tableName} does not become active`);
};
