import {
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  QueryCommand,
  type QueryCommandOutput,
  type TableDescription,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { scanRows } from './table-rows.ts';

/** The KCL's index of leases by owner: keys alone, so that a renewal does not touch it. */
export const OWNER_INDEX: GlobalSecondaryIndex = {
  IndexName: 'LeaseOwnerToLeaseKeyIndex',
  KeySchema: [
    { AttributeName: 'leaseOwner', KeyType: 'HASH' },
    { AttributeName: 'leaseKey', KeyType: 'RANGE' },
  ],
  Projection: { ProjectionType: 'KEYS_ONLY' },
};

export const KEY_ATTRIBUTES = [
  { AttributeName: 'leaseKey', AttributeType: 'S' },
  { AttributeName: 'leaseOwner', AttributeType: 'S' },
] as const;

/** What a query meets while the index is being filled. */
const NOT_READY: ReadonlySet<string> = new Set(['ValidationException', 'ResourceNotFoundException']);
const PAGES_MAX = 10_000;

const indexIn = (table: TableDescription | undefined) =>
  table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === OWNER_INDEX.IndexName);

/** An index of a table with a throughput of its own has one too. */
const throughputOf = ({ BillingModeSummary, ProvisionedThroughput }: TableDescription) => {
  const { ReadCapacityUnits, WriteCapacityUnits } = ProvisionedThroughput ?? {};
  if (BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST' || !ReadCapacityUnits) return {};
  return { ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } };
};

/** Which leases name an owner: by the index, or by looking at all leases as long as there is none. */
export class OwnerIndex {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  #isReady = false;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** Asks for the index if it is not there. Does not wait: a large table takes minutes to fill it. */
  async prepare(): Promise<void> {
    const table = await this.#describe();
    if (table === undefined || indexIn(table) !== undefined) return;
    const Create = { ...OWNER_INDEX, ...throughputOf(table) };
    await this.#client.send(
      new UpdateTableCommand({
        TableName: this.#tableName,
        AttributeDefinitions: [...KEY_ATTRIBUTES],
        GlobalSecondaryIndexUpdates: [{ Create }],
      }),
    );
  }

  /** Lags a little behind the leases. */
  async keysOf(owner: string): Promise<readonly string[]> {
    this.#isReady ||= indexIn(await this.#describe())?.IndexStatus === 'ACTIVE';
    if (!this.#isReady) return this.#scan(owner);
    try {
      return await this.#query(owner);
    } catch (error) {
      if (!(error instanceof Error) || !NOT_READY.has(error.name)) throw error;
      this.#isReady = false;
      return this.#scan(owner);
    }
  }

  async #describe(): Promise<TableDescription | undefined> {
    const { Table } = await this.#client.send(new DescribeTableCommand({ TableName: this.#tableName }));
    return Table;
  }

  async #query(owner: string): Promise<readonly string[]> {
    const keys: string[] = [];
    let ExclusiveStartKey: QueryCommandOutput['LastEvaluatedKey'];
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const page: QueryCommandOutput = await this.#client.send(
        new QueryCommand({ ...this.#ownedBy(owner, 'KeyConditionExpression'), ExclusiveStartKey }),
      );
      keys.push(...(page.Items ?? []).flatMap(({ leaseKey }) => leaseKey?.S ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey === undefined) return keys;
    }
    throw new Error(`${owner} has more than ${PAGES_MAX} pages of leases`);
  }

  async #scan(owner: string): Promise<readonly string[]> {
    const { IndexName: _index, ...scan } = this.#ownedBy(owner, 'FilterExpression');
    const rows = await scanRows(this.#client, scan);
    return rows.flatMap(({ leaseKey }) => leaseKey?.S ?? []);
  }

  #ownedBy(owner: string, expression: 'KeyConditionExpression' | 'FilterExpression') {
    return {
      TableName: this.#tableName,
      IndexName: OWNER_INDEX.IndexName,
      [expression]: 'leaseOwner = :owner',
      ExpressionAttributeValues: { ':owner': { S: owner } },
    };
  }
}
