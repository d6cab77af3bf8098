import { DescribeTableCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ConsumerError } from '../errors.ts';

/** Where versions 3.0 to 3.4 of the KCL keep the leader and the workers. */
const LEGACY_SUFFIX = '-CoordinatorState';
/** Written when everything has come to the lease table. */
const MIGRATION_KEY = 'TableMigration3.5';
const COMPLETE = /COMPLETE$/;

/** Undefined, too, where only the lease table may be looked at. */
const UNSEEN: ReadonlySet<string> = new Set(['ResourceNotFoundException', 'AccessDeniedException']);

const exists = async (client: DynamoDBClient, TableName: string): Promise<boolean> => {
  try {
    await client.send(new DescribeTableCommand({ TableName }));
    return true;
  } catch (error) {
    if (error instanceof Error && UNSEEN.has(error.name)) return false;
    throw error;
  }
};

/** Workers of those versions would choose a leader of their own. */
export const refuseLegacyTables = async (client: DynamoDBClient, tableName: string): Promise<void> => {
  const legacy = `${tableName}${LEGACY_SUFFIX}`;
  if (!(await exists(client, legacy))) return;
  const read = { TableName: tableName, Key: { leaseKey: { S: MIGRATION_KEY } }, ConsistentRead: true };
  const { Item } = await client.send(new GetItemCommand(read));
  if (COMPLETE.test(Item?.tm?.S ?? '')) return;
  const advice =
    'migrate it to version 3.5, delete that table when none of its workers is left, or set balancing to count';
  throw new ConsumerError('StartFailed', `${legacy} is of the Kinesis Client Library 3.0 to 3.4: ${advice}`);
};
