import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { FleetStore, FleetView } from './fleet-store.ts';
import { LEADER_KEY, type LeaderRow, leaderFrom, leaderItemOf } from './leader-row.ts';
import type { Lease } from './lease.ts';
import { type LeaseItem, leaseFrom, type StreamMode } from './lease-item.ts';
import { refuseLegacyTables } from './legacy-tables.ts';
import { OwnerIndex } from './owner-index.ts';
import { conditionally, scanRows } from './table-rows.ts';
import { WORKER_ENTITY_TYPE, type WorkerRow, workerFrom, workerItemOf } from './worker-row.ts';

/** The rows besides the leases, in the lease table as the KCL has them since version 3.5. */
export class DynamoFleetStore implements FleetStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #mode: StreamMode;
  readonly #index: OwnerIndex;

  constructor(client: DynamoDBClient, tableName: string, mode: StreamMode) {
    this.#client = client;
    this.#tableName = tableName;
    this.#mode = mode;
    this.#index = new OwnerIndex(client, tableName);
  }

  async prepare(): Promise<void> {
    await refuseLegacyTables(this.#client, this.#tableName);
    await this.#index.prepare();
  }

  async view(): Promise<FleetView> {
    const rows = await scanRows(this.#client, { TableName: this.#tableName, ConsistentRead: true });
    return {
      leases: rows.flatMap((row) => leaseFrom(row, this.#mode) ?? []),
      workers: rows.flatMap((row) => workerFrom(row) ?? []),
    };
  }

  assignedTo(workerId: string): Promise<readonly string[]> {
    return this.#index.keysOf(workerId);
  }

  async handOver({ leaseKey, owner = '' }: Lease, to: string): Promise<boolean> {
    const update = new UpdateItemCommand({
      ...this.#row(leaseKey),
      ConditionExpression: 'leaseOwner = :from AND attribute_not_exists(checkpointOwner)',
      UpdateExpression: 'SET leaseOwner = :to, checkpointOwner = :from',
      ExpressionAttributeValues: { ':from': { S: owner }, ':to': { S: to } },
    });
    return (await conditionally(() => this.#client.send(update))).isApplied;
  }

  async leader(): Promise<LeaderRow | undefined> {
    const read = new GetItemCommand({ ...this.#row(LEADER_KEY), ConsistentRead: true });
    const { Item } = await this.#client.send(read);
    return Item && leaderFrom(Item);
  }

  async replaceLeader(seen: LeaderRow | undefined, next: LeaderRow): Promise<boolean> {
    const release = seen?.isReleased ? 'attribute_exists(isReleased)' : 'attribute_not_exists(isReleased)';
    const condition =
      seen === undefined
        ? { ConditionExpression: 'attribute_not_exists(leaseKey)' }
        : {
            ConditionExpression: `recordVersionNumber = :seen AND ${release}`,
            ExpressionAttributeValues: { ':seen': { S: seen.version } },
          };
    const put = new PutItemCommand({ TableName: this.#tableName, Item: leaderItemOf(next), ...condition });
    return (await conditionally(() => this.#client.send(put))).isApplied;
  }

  /** No worker can be named as a lease is. */
  async report(row: WorkerRow): Promise<void> {
    const put = new PutItemCommand({
      TableName: this.#tableName,
      Item: workerItemOf(row),
      ConditionExpression: 'attribute_not_exists(leaseKey) OR entityType = :worker',
      ExpressionAttributeValues: { ':worker': { S: WORKER_ENTITY_TYPE } },
    });
    await this.#client.send(put);
  }

  async forget({ workerId, updatedSeconds }: WorkerRow): Promise<void> {
    const removal = new DeleteItemCommand({
      ...this.#row(workerId),
      ConditionExpression: 'entityType = :worker AND lut = :updated',
      ExpressionAttributeValues: {
        ':worker': { S: WORKER_ENTITY_TYPE },
        ':updated': { N: String(updatedSeconds) },
      },
    });
    await conditionally(() => this.#client.send(removal));
  }

  #row(leaseKey: string): { readonly TableName: string; readonly Key: LeaseItem } {
    return { TableName: this.#tableName, Key: { leaseKey: { S: leaseKey } } };
  }
}
