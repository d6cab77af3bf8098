import assert from 'node:assert/strict';
import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  QueryCommand,
  ResourceNotFoundException,
  ScanCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';

export type Row = Readonly<Record<string, AttributeValue>>;

export const LEASES_BY_OWNER = 'LeaseOwnerToLeaseKeyIndex';

/** What the library wrote into the table that has the name of its application. */
export class LeaseTable {
  readonly #dynamo: DynamoDBClient;
  readonly #TableName: string;

  constructor(dynamo: DynamoDBClient, application: string) {
    this.#dynamo = dynamo;
    this.#TableName = application;
  }

  async describe(): Promise<TableDescription> {
    const { Table } = await this.#dynamo.send(new DescribeTableCommand({ TableName: this.#TableName }));
    assert.ok(Table);
    return Table;
  }

  /** None before the first worker made the table. */
  async rows(): Promise<Row[]> {
    const scan = new ScanCommand({ TableName: this.#TableName, ConsistentRead: true });
    const answer = await this.#dynamo.send(scan).catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
    assert.equal(answer?.LastEvaluatedKey, undefined, 'one page holds all');
    return answer?.Items ?? [];
  }

  /** Rows of other kinds carry their kind; a lease may carry LEASE. */
  async leases(): Promise<Row[]> {
    return (await this.rows()).filter(({ entityType, checkpoint }) =>
      entityType === undefined ? checkpoint !== undefined : entityType.S === 'LEASE',
    );
  }

  async lease(shard: string): Promise<Row> {
    const found = (await this.leases()).find(({ leaseKey }) => leaseKey?.S === shard);
    assert.ok(found, `${shard} has a lease`);
    return found;
  }

  async ofKind(kind: string): Promise<Row[]> {
    return (await this.rows()).filter(({ entityType }) => entityType?.S === kind);
  }

  /** Through the index that the library looks leases up in. */
  async keysOf(owner: string): Promise<string[]> {
    const query = new QueryCommand({
      TableName: this.#TableName,
      IndexName: LEASES_BY_OWNER,
      KeyConditionExpression: 'leaseOwner = :owner',
      ExpressionAttributeValues: { ':owner': { S: owner } },
    });
    const { Items = [] } = await this.#dynamo.send(query);
    return Items.map(({ leaseKey }) => leaseKey?.S ?? '').sort();
  }
}
