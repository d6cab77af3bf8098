import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '@millrace/client-common';
import { DynamoFleetStore } from './dynamo-fleet-store.ts';
import { changeSince, unchangedSince } from './expressions.ts';
import type { Lease, LeaseChange } from './lease.ts';
import { itemOf, type LeaseItem, leaseFrom, type StreamMode } from './lease-item.ts';
import type { LeaseStore, UpdateOutcome } from './lease-store.ts';
import { prepareLeaseTable } from './lease-table.ts';
import { conditionally, scanRows } from './table-rows.ts';

/** Leases in a DynamoDB table, as the Kinesis Client Library keeps them: its workers may share the table. */
export class DynamoLeaseStore implements LeaseStore {
  readonly fleet: DynamoFleetStore;
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #clock: Clock;
  readonly #mode: StreamMode;

  constructor(client: DynamoDBClient, tableName: string, clock: Clock, mode: StreamMode = 'single') {
    this.#client = client;
    this.#tableName = tableName;
    this.#clock = clock;
    this.#mode = mode;
    this.fleet = new DynamoFleetStore(client, tableName, mode);
  }

  prepare(signal: AbortSignal): Promise<void> {
    return prepareLeaseTable(this.#client, this.#tableName, this.#clock, signal);
  }

  async list(): Promise<readonly Lease[]> {
    const rows = await scanRows(this.#client, { TableName: this.#tableName, ConsistentRead: true });
    return rows.flatMap((row) => leaseFrom(row, this.#mode) ?? []);
  }

  async get(leaseKey: string): Promise<Lease | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ ...this.#row(leaseKey), ConsistentRead: true }),
    );
    return Item && leaseFrom(Item, this.#mode);
  }

  async create(lease: Lease): Promise<boolean> {
    const put = new PutItemCommand({
      TableName: this.#tableName,
      Item: itemOf(lease),
      ConditionExpression: 'attribute_not_exists(leaseKey)',
    });
    return (await conditionally(() => this.#client.send(put))).isApplied;
  }

  async update(seen: Lease, change: LeaseChange): Promise<UpdateOutcome> {
    const update = new UpdateItemCommand({
      ...this.#row(seen.leaseKey),
      ...changeSince(seen, change),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const { isApplied, item } = await conditionally(() => this.#client.send(update));
    const lease = item === undefined ? await this.get(seen.leaseKey) : leaseFrom(item, this.#mode);
    if (!isApplied) return { isApplied, lease };
    if (lease === undefined) throw new Error(`${seen.leaseKey} was updated and is no lease`);
    return { isApplied, lease };
  }

  async remove(seen: Lease): Promise<void> {
    const removal = new DeleteItemCommand({ ...this.#row(seen.leaseKey), ...unchangedSince(seen) });
    await conditionally(() => this.#client.send(removal));
  }

  #row(leaseKey: string): { readonly TableName: string; readonly Key: LeaseItem } {
    return { TableName: this.#tableName, Key: { leaseKey: { S: leaseKey } } };
  }
}
