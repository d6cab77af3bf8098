import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type HashKey, parseHashKey } from '@millrace/aggregation';
import { nodeClock as clock } from '@millrace/client-common';
import {
  DynamoLeaseStore,
  LATEST,
  type Lease,
  type LeaseStore,
  MemoryLeaseStore,
  newLease,
  SHARD_END,
  TRIM_HORIZON,
} from '@millrace/consumer';
import { type Millrace, start } from '@millrace/server';
import { fleetLaws } from './fleet-laws.ts';

const SHARD = 'shardId-000000000000';
const PARENTS = ['shardId-000000000007', 'shardId-000000000008'];
const PLACE = {
  sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
  subSequenceNumber: 3,
};
const never = new AbortController().signal;
const hashKey = (number: bigint): HashKey => {
  const parsed = parseHashKey(String(number));
  assert(parsed !== undefined);
  return parsed;
};

const aLease = (fields: Partial<Lease> = {}): Lease => ({
  ...newLease(SHARD, TRIM_HORIZON, {
    parentShardIds: PARENTS,
    range: { start: hashKey(0n), end: hashKey(2n ** 127n) },
  }),
  ...fields,
});

/** A lease as a store gives it back: sets have no order. */
const sorted = (lease: Lease | undefined): Lease | undefined =>
  lease && {
    ...lease,
    parentShardIds: lease.parentShardIds.toSorted(),
    childShardIds: lease.childShardIds.toSorted(),
  };

/** What holds for every store. */
const laws = (makeStore: () => Promise<LeaseStore>): void => {
  const law = (sentence: string, check: (store: LeaseStore) => Promise<void>): void => {
    test(sentence, async () => {
      const store = await makeStore();
      await store.prepare(never);
      await check(store);
    });
  };

  law('a new store has no leases, and is prepared more than once', async (store) => {
    await store.prepare(never);
    assert.deepEqual(await store.list(), []);
    assert.equal(await store.get(SHARD), undefined);
  });

  law('a lease comes back as it was created', async (store) => {
    const full = aLease({
      owner: 'ada',
      counter: 41,
      ownerSwitches: 2,
      checkpoint: PLACE,
      pending: { checkpoint: LATEST, state: Buffer.from([0, 255]) },
      childShardIds: ['shardId-000000000009'],
      throughputKBps: 12.5,
      checkpointOwner: 'grace',
    });
    const bare = { ...newLease('shardId-000000000001', LATEST, { parentShardIds: [], range: undefined }) };
    assert.equal(await store.create(full), true);
    assert.equal(await store.create(bare), true);
    const found = await store.get(SHARD);
    assert.deepEqual([...(found?.pending?.state ?? [])], [0, 255]);
    assert.deepEqual(sorted(found), { ...full, pending: found?.pending });
    assert.deepEqual(found?.pending?.checkpoint, LATEST);
    assert.deepEqual(await store.get('shardId-000000000001'), bare);
    assert.equal((await store.list()).length, 2);
  });

  law('a lease is created once', async (store) => {
    assert.equal(await store.create(aLease()), true);
    assert.equal(await store.create(aLease({ checkpoint: LATEST })), false);
    assert.deepEqual((await store.get(SHARD))?.checkpoint, TRIM_HORIZON);
  });

  law('of workers that create the same lease at once one succeeds', async (store) => {
    const created = await Promise.all(Array.from({ length: 8 }, () => store.create(aLease())));
    assert.equal(created.filter(Boolean).length, 1);
  });

  law('a change sets, removes and leaves alone, and adds one to the counter', async (store) => {
    await store.create(aLease({ owner: 'ada', counter: 4, throughputKBps: 7 }));
    const outcome = await store.update(aLease({ owner: 'ada', counter: 4 }), {
      owner: undefined,
      checkpoint: SHARD_END,
      childShardIds: ['shardId-000000000002', 'shardId-000000000003'],
    });
    const expected = aLease({
      counter: 5,
      checkpoint: SHARD_END,
      throughputKBps: 7,
      childShardIds: ['shardId-000000000002', 'shardId-000000000003'],
    });
    assert.equal(outcome.isApplied, true);
    assert.deepEqual(sorted(outcome.lease), expected);
    assert.deepEqual(sorted(await store.get(SHARD)), expected);
  });

  for (const [what, stale] of [
    ['counter', { counter: 3 }],
    ['owner', { owner: 'grace' }],
    ['absent owner', { owner: undefined }],
    ['checkpoint owner', { checkpointOwner: 'grace' }],
  ] as const) {
    law(`who saw another ${what} changes nothing, and is told the lease as it is`, async (store) => {
      const now = aLease({ owner: 'ada', counter: 4 });
      await store.create(now);
      const outcome = await store.update({ ...now, ...stale }, { checkpoint: PLACE });
      assert.equal(outcome.isApplied, false);
      assert.deepEqual(sorted(outcome.lease), now);
      assert.deepEqual(sorted(await store.get(SHARD)), now);
    });
  }

  law('a lease that is gone is not changed, nor made', async (store) => {
    assert.deepEqual(await store.update(aLease(), { owner: 'ada' }), { isApplied: false, lease: undefined });
    assert.deepEqual(await store.list(), []);
  });

  law('of workers that take the same lease at once one succeeds', async (store) => {
    await store.create(aLease());
    const owners = ['ada', 'grace', 'mary', 'joan'];
    const outcomes = await Promise.all(owners.map((owner) => store.update(aLease(), { owner })));
    assert.equal(outcomes.filter(({ isApplied }) => isApplied).length, 1);
    assert.equal((await store.get(SHARD))?.counter, 1);
  });

  law('a lease is removed by who saw it as it is, and by nobody else', async (store) => {
    const now = aLease({ owner: 'ada', counter: 4 });
    await store.create(now);
    await store.remove({ ...now, counter: 3 });
    assert.equal((await store.list()).length, 1);
    await store.remove(now);
    assert.deepEqual(await store.list(), []);
    await store.remove(now);
  });
};

describe('leases in memory', () => {
  laws(async () => new MemoryLeaseStore());
  fleetLaws(async () => new MemoryLeaseStore());
});

describe('leases in DynamoDB', () => {
  let server: Millrace;
  let client: DynamoDBClient;
  let tables = 0;
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  before(async () => {
    server = await start();
    client = new DynamoDBClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
  });
  after(async () => {
    client.destroy();
    await server.close();
  });
  const aStore = async (): Promise<LeaseStore> => new DynamoLeaseStore(client, `leases-${++tables}`, clock);
  const TableName = (): string => `leases-${tables}`;
  const Key = { leaseKey: { S: SHARD } };

  laws(aStore);
  fleetLaws(aStore);

  test('a lease has the attributes that other clients look for', async () => {
    const store = await aStore();
    await store.prepare(never);
    await store.create(aLease({ owner: 'ada', counter: 4, checkpoint: PLACE }));
    const { Item } = await client.send(new GetItemCommand({ TableName: TableName(), Key }));
    assert.deepEqual(new Set(Item?.parentShardId?.SS), new Set(PARENTS));
    assert.deepEqual(
      { ...Item, parentShardId: undefined },
      {
        leaseKey: { S: SHARD },
        leaseOwner: { S: 'ada' },
        leaseCounter: { N: '4' },
        ownerSwitchesSinceCheckpoint: { N: '0' },
        checkpoint: { S: PLACE.sequenceNumber },
        checkpointSubSequenceNumber: { N: '3' },
        parentShardId: undefined,
        startingHashKey: { S: '0' },
        endingHashKey: { S: String(2n ** 127n) },
        entityType: { S: 'LEASE' },
      },
    );
  });

  test('attributes that nobody here knows stay', async () => {
    const store = await aStore();
    await store.prepare(never);
    await store.create(aLease());
    await client.send(
      new UpdateItemCommand({
        TableName: TableName(),
        Key,
        UpdateExpression: 'SET fromTheFuture = :v',
        ExpressionAttributeValues: { ':v': { S: 'kept' } },
      }),
    );
    await store.update(aLease(), { owner: 'ada' });
    const { Item } = await client.send(new GetItemCommand({ TableName: TableName(), Key }));
    assert.deepEqual(Item?.fromTheFuture, { S: 'kept' });
  });

  test('rows that are no leases of this application are left alone', async () => {
    const store = await aStore();
    await store.prepare(never);
    const lease = { leaseCounter: { N: '1' }, checkpoint: { S: 'LATEST' } };
    for (const row of [
      { leaseKey: { S: 'Leader' }, entityType: { S: 'LEADER' }, ownerName: { S: 'ada' } },
      { leaseKey: { S: 'ada' }, entityType: { S: 'WORKER_METRIC_STATS' }, ...lease },
      { leaseKey: { S: 'account:stream:1:shard' }, streamName: { S: 'account:stream:1' }, ...lease },
      { leaseKey: { S: 'no counter' }, checkpoint: { S: 'LATEST' } },
      { leaseKey: { S: 'no checkpoint' }, leaseCounter: { N: '1' } },
      { leaseKey: { S: 'not a place' }, leaseCounter: { N: '1' }, checkpoint: { S: 'yesterday' } },
    ]) {
      await client.send(new PutItemCommand({ TableName: TableName(), Item: row }));
    }
    await client.send(
      new PutItemCommand({ TableName: TableName(), Item: { leaseKey: { S: 'of an old client' }, ...lease } }),
    );
    assert.deepEqual(
      (await store.list()).map(({ leaseKey }) => leaseKey),
      ['of an old client'],
    );
  });
});
