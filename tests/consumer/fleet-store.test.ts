import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { nodeClock as clock } from '@millrace/client-common';
import { DynamoLeaseStore, newLease, TRIM_HORIZON } from '@millrace/consumer';
import { type Millrace, start } from '@millrace/server';

const never = new AbortController().signal;
const INDEX = 'LeaseOwnerToLeaseKeyIndex';

describe('the table of a fleet', () => {
  let server: Millrace;
  let client: DynamoDBClient;
  let tables = 0;
  before(async () => {
    server = await start();
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
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

  const tableName = (): string => `fleet-${tables}`;
  const aStore = async (): Promise<DynamoLeaseStore> => {
    tables++;
    const store = new DynamoLeaseStore(client, tableName(), clock);
    await store.prepare(never);
    return store;
  };
  const anOldTable = async (name: string): Promise<void> => {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  };
  const rowOf = async (leaseKey: string) => {
    const read = new GetItemCommand({ TableName: tableName(), Key: { leaseKey: { S: leaseKey } } });
    return (await client.send(read)).Item;
  };
  const aLease = newLease('shardId-000000000000', TRIM_HORIZON, { parentShardIds: [], range: undefined });

  test('the leader’s row has the attributes that the lock client looks for', async () => {
    const { fleet } = await aStore();
    const row = { owner: 'ada', durationMs: 120_000, version: 'one', isReleased: false };
    await fleet.replaceLeader(undefined, row);
    const expected = {
      leaseKey: { S: 'Leader' },
      entityType: { S: 'LEADER' },
      ownerName: { S: 'ada' },
      leaseDuration: { S: '120000' },
      recordVersionNumber: { S: 'one' },
    };
    assert.deepEqual(await rowOf('Leader'), expected);
    await fleet.replaceLeader(row, { ...row, version: 'two', isReleased: true });
    assert.deepEqual(await rowOf('Leader'), {
      ...expected,
      recordVersionNumber: { S: 'two' },
      isReleased: { S: '1' },
    });
  });

  test('a worker’s row has the attributes that other leaders look for', async () => {
    const { fleet } = await aStore();
    await fleet.report({
      workerId: 'ada',
      updatedSeconds: 1_790_000_000,
      samples: { C: [12.5] },
      limits: { C: 80 },
    });
    assert.deepEqual(await rowOf('ada'), {
      leaseKey: { S: 'ada' },
      entityType: { S: 'WORKER_METRIC_STATS' },
      lut: { N: '1790000000' },
      sts: { M: { C: { L: [{ N: '12.5' }] } } },
      opr: { M: { C: { L: [{ N: '80' }] } } },
      sup: { N: '1' },
      slu: { N: '1790000000' },
    });
  });

  test('workers’ rows that make no sense are not seen', async () => {
    const { fleet } = await aStore();
    const good = { entityType: { S: 'WORKER_METRIC_STATS' }, lut: { N: '1790000000' } };
    const samples = { sts: { M: { C: { L: [{ N: '1' }] } } } };
    for (const [name, row] of Object.entries({
      bare: good,
      'no date': { ...good, lut: { S: 'today' } },
      'no limit': { ...good, ...samples },
      'no room': { ...good, ...samples, opr: { M: { C: { L: [{ N: '0' }] } } } },
    })) {
      const Item = { leaseKey: { S: name }, ...row };
      await client.send(new PutItemCommand({ TableName: tableName(), Item }));
    }
    const { workers } = await fleet.view();
    assert.deepEqual(workers, [{ workerId: 'bare', updatedSeconds: 1_790_000_000, samples: {}, limits: {} }]);
  });

  test('a worker that is named as a lease is refused, and the lease stays', async () => {
    const store = await aStore();
    await store.create(aLease);
    const row = { workerId: aLease.leaseKey, updatedSeconds: 1, samples: {}, limits: {} };
    await assert.rejects(store.fleet.report(row), { name: 'ConditionalCheckFailedException' });
    await store.fleet.forget(row);
    assert.equal((await store.list()).length, 1);
  });

  test('a table without an index gets one, and owners’ leases are found before it is there', async () => {
    tables++;
    await anOldTable(tableName());
    const store = new DynamoLeaseStore(client, tableName(), clock);
    await store.prepare(never);
    await store.create({ ...aLease, owner: 'ada' });
    assert.deepEqual(await store.fleet.assignedTo('ada'), [aLease.leaseKey]);
    await store.fleet.prepare();
    assert.deepEqual(await store.fleet.assignedTo('ada'), [aLease.leaseKey]);
    const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName() }));
    assert.deepEqual(
      Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName),
      [INDEX],
    );
  });

  test('tables of the KCL 3.0 to 3.4 are refused until everything has come to the lease table', async () => {
    const { fleet } = await aStore();
    await anOldTable(`${tableName()}-CoordinatorState`);
    await assert.rejects(fleet.prepare(), { code: 'StartFailed', message: /CoordinatorState.*3\.5/ });
    const Item = { leaseKey: { S: 'TableMigration3.5' }, tm: { S: 'TABLE_MIGRATION_STATUS_COMPLETE' } };
    await client.send(new PutItemCommand({ TableName: tableName(), Item }));
    await fleet.prepare();
  });
});
