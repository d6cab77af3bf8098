import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  type ScanCommandOutput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock.ts';
import { changeSince, unchangedSince } from './expressions.ts';
import type { Lease, LeaseChange } from './lease.ts';
import { itemOf, type LeaseItem, leaseFrom } from './lease-item.ts';
import type { LeaseStore, UpdateOutcome } from './lease-store.ts';
import { prepareLeaseTable } from './lease-table.ts';

/** A page has 1 MB, some thousand leases: an endless list would be a broken service. */
const PAGES_MAX = 10_000;

/** Leases in a DynamoDB table, as the Kinesis Client Library keeps them: its workers may share the table. */
export class DynamoLeaseStore implements LeaseStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #clock: Clock;

  constructor(client: DynamoDBClient, tableName: string, clock: Clock) {
    this.#client = client;
    this.#tableName = tableName;
    this.#clock = clock;
  }

  prepare(signal: AbortSignal): Promise<void> {
    return prepareLeaseTable(this.#client, this.#tableName, this.#clock, signal);
  }

  async list(): Promise<readonly Lease[]> {
    const leases: Lease[] = [];
    let ExclusiveStartKey: ScanCommandOutput['LastEvaluatedKey'];
    for (let pages = 0; pages < PAGES_MAX; pages++) {
      const scan = { TableName: this.#tableName, ConsistentRead: true, ExclusiveStartKey };
      const page: ScanCommandOutput = await this.#client.send(new ScanCommand(scan));
      leases.push(...(page.Items ?? []).flatMap((item) => leaseFrom(item) ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey;
      if (ExclusiveStartKey === undefined) return leases;
    }
    throw new Error(`table ${this.#tableName} has more than ${PAGES_MAX} pages`);
  }

  async get(leaseKey: string): Promise<Lease | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ ...this.#row(leaseKey), ConsistentRead: true }),
    );
    return Item && leaseFrom(Item);
  }

  async create(lease: Lease): Promise<boolean> {
    const put = new PutItemCommand({
      TableName: this.#tableName,
      Item: itemOf(lease),
      ConditionExpression: 'attribute_not_exists(leaseKey)',
    });
    return (await this.#conditional(() => this.#client.send(put))).isApplied;
  }

  async update(seen: Lease, change: LeaseChange): Promise<UpdateOutcome> {
    const update = new UpdateItemCommand({
      ...this.#row(seen.leaseKey),
      ...changeSince(seen, change),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const { isApplied, item } = await this.#conditional(() => this.#client.send(update));
    const lease = item === undefined ? await this.get(seen.leaseKey) : leaseFrom(item);
    if (!isApplied) return { isApplied, lease };
    if (lease === undefined) throw new Error(`${seen.leaseKey} was updated and is no lease`);
    return { isApplied, lease };
  }

  async remove(seen: Lease): Promise<void> {
    const removal = new DeleteItemCommand({ ...this.#row(seen.leaseKey), ...unchangedSince(seen) });
    await this.#conditional(() => this.#client.send(removal));
  }

  #row(leaseKey: string): { readonly TableName: string; readonly Key: LeaseItem } {
    return { TableName: this.#tableName, Key: { leaseKey: { S: leaseKey } } };
  }

  /** The row as it is after the call, where the service tells; some tell nothing when the condition fails. */
  async #conditional(
    call: () => Promise<{ readonly Attributes?: LeaseItem | undefined }>,
  ): Promise<{ readonly isApplied: boolean; readonly item: LeaseItem | undefined }> {
    try {
      return { isApplied: true, item: (await call()).Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { isApplied: false, item: error.Item };
      throw error;
    }
  }
}
