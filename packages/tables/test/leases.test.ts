import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceError } from '@millrace/aws-protocol';
import { aTables, awsError, type World } from './a-tables.ts';

const TABLE = 'app';
const INDEX = 'LeaseOwnerToLeaseKeyIndex';

const S = (value: string) => ({ S: value });
const N = (value: number | string) => ({ N: String(value) });

const createLeaseTable = async ({ call, untilActive }: World, rest = {}) => {
  await call('CreateTable', {
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: false,
    Tags: [],
    ...rest,
  });
  await untilActive(TABLE);
};

const createLease = ({ call }: World, leaseKey: string, rest = {}) =>
  call('PutItem', {
    TableName: TABLE,
    Item: {
      leaseKey: S(leaseKey),
      leaseCounter: N(0),
      ownerSwitchesSinceCheckpoint: N(0),
      checkpoint: S('TRIM_HORIZON'),
      checkpointSubSequenceNumber: N(0),
      startingHashKey: S('0'),
      endingHashKey: S('340282366920938463463374607431768211455'),
      ...rest,
    },
    Expected: { leaseKey: { Exists: false } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

/** As a worker without a lease takes one. */
const take = ({ call }: World, leaseKey: string, owner: string, counter: number) =>
  call('UpdateItem', {
    TableName: TABLE,
    Key: { leaseKey: S(leaseKey) },
    Expected: { leaseCounter: { Value: N(counter) } },
    AttributeUpdates: {
      leaseCounter: { Value: N(counter + 1), Action: 'PUT' },
      leaseOwner: { Value: S(owner), Action: 'PUT' },
      ownerSwitchesSinceCheckpoint: { Value: N(1), Action: 'ADD' },
      checkpointOwner: { Action: 'DELETE' },
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

const renew = ({ call }: World, leaseKey: string, counter: number) =>
  call('UpdateItem', {
    TableName: TABLE,
    Key: { leaseKey: S(leaseKey) },
    Expected: { leaseCounter: { Value: N(counter) }, checkpointOwner: { Exists: false } },
    AttributeUpdates: {
      leaseCounter: { Value: N(counter + 1), Action: 'PUT' },
      throughputKBps: { Value: N('12.5'), Action: 'PUT' },
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });

const createIndex = ({ call }: World) =>
  call('UpdateTable', {
    TableName: TABLE,
    AttributeDefinitions: [
      { AttributeName: 'leaseOwner', AttributeType: 'S' },
      { AttributeName: 'leaseKey', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: INDEX,
          KeySchema: [
            { AttributeName: 'leaseOwner', KeyType: 'HASH' },
            { AttributeName: 'leaseKey', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      },
    ],
  });

const leasesOf = async ({ call }: World, owner: string) => {
  const { Items = [] } = await call('Query', {
    TableName: TABLE,
    IndexName: INDEX,
    KeyConditionExpression: 'leaseOwner = :owner',
    ExpressionAttributeValues: { ':owner': S(owner) },
  });
  return Items.map(({ leaseKey }) => leaseKey?.S);
};

describe('what the KCL does with its lease table', () => {
  test('it asks for a table that is not there, makes it and waits until it is ACTIVE', async () => {
    const world = await aTables();
    await assert.rejects(
      world.call('DescribeTable', { TableName: TABLE }),
      awsError('ResourceNotFoundException', 'Requested resource not found: Table: app not found'),
    );
    await createLeaseTable(world);
    const { Table } = await world.call('DescribeTable', { TableName: TABLE });
    assert.equal(Table?.BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
    assert.equal(Table?.TableArn, 'arn:aws:dynamodb:eu-west-1:123456789012:table/app');
    assert.equal(Table?.TableSizeBytes, 0);
    await world.close();
  });

  test('a lease is created once', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    await createLease(world, 'shardId-000000000000');
    const again = createLease(world, 'shardId-000000000000', { leaseCounter: N(7) });
    await assert.rejects(again, (error: ServiceError) => {
      assert.equal(error.code, 'ConditionalCheckFailedException');
      assert.equal(error.message, 'The conditional request failed');
      const { Item } = error.members as { Item: Record<string, unknown> };
      assert.deepEqual(Item.leaseCounter, N(0));
      assert.equal(Object.keys(Item).length, 7);
      return true;
    });
    await world.close();
  });

  test('of two workers that take a lease at once one gets it, and the other is told who did', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    await createLease(world, 's');
    const [first, second] = await Promise.allSettled([take(world, 's', 'a', 0), take(world, 's', 'b', 0)]);
    assert.equal(first?.status, 'fulfilled');
    assert.deepEqual(first.value.Attributes?.leaseOwner, S('a'));
    assert.deepEqual(first.value.Attributes?.ownerSwitchesSinceCheckpoint, N(1));
    assert.equal(second?.status, 'rejected');
    assert.deepEqual(second.reason.members.Item.leaseOwner, S('a'));
    await world.close();
  });

  test('a renewal counts, and fails for who lost the lease', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    await createLease(world, 's');
    await take(world, 's', 'a', 0);
    const { Attributes } = await renew(world, 's', 1);
    assert.deepEqual([Attributes?.leaseCounter, Attributes?.throughputKBps], [N(2), N('12.5')]);
    await take(world, 's', 'b', 2);
    await assert.rejects(renew(world, 's', 2), { code: 'ConditionalCheckFailedException' });
    await world.close();
  });

  test('a renewal tells the owner that somebody wants the lease in an orderly way', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    await createLease(world, 's');
    await take(world, 's', 'old', 0);
    await world.call('UpdateItem', {
      TableName: TABLE,
      Key: { leaseKey: S('s') },
      Expected: { leaseOwner: { Value: S('old') }, checkpointOwner: { Exists: false } },
      AttributeUpdates: {
        leaseOwner: { Value: S('new'), Action: 'PUT' },
        checkpointOwner: { Value: S('old'), Action: 'PUT' },
      },
      ReturnValues: 'ALL_NEW',
    });
    await assert.rejects(renew(world, 's', 1), (error: { members?: { Item?: Record<string, unknown> } }) => {
      assert.deepEqual(error.members?.Item?.checkpointOwner, S('old'));
      return true;
    });
    await world.close();
  });

  test('a checkpoint is written by who holds the lease', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    await createLease(world, 's');
    await take(world, 's', 'a', 0);
    const checkpoint = (counter: number) =>
      world.call('UpdateItem', {
        TableName: TABLE,
        Key: { leaseKey: S('s') },
        Expected: { leaseCounter: { Value: N(counter) } },
        AttributeUpdates: {
          checkpoint: { Value: S('49600000000000000000000000000000000000000000000000000002'), Action: 'PUT' },
          checkpointSubSequenceNumber: { Value: N(3), Action: 'PUT' },
          ownerSwitchesSinceCheckpoint: { Value: N(0), Action: 'PUT' },
          pendingCheckpoint: { Action: 'DELETE' },
          pendingCheckpointState: { Action: 'DELETE' },
          parentShardId: { Value: { SS: ['p1', 'p2'] }, Action: 'PUT' },
        },
        ReturnValues: 'ALL_NEW',
      });
    const { Attributes } = await checkpoint(1);
    assert.deepEqual(Attributes?.parentShardId, { SS: ['p1', 'p2'] });
    await assert.rejects(checkpoint(0), { code: 'ConditionalCheckFailedException' });
    await world.close();
  });

  test('the index is made after the table, passes through CREATING, and holds what has an owner', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    for (const shard of ['s1', 's2', 's3']) await createLease(world, shard);
    await take(world, 's1', 'a', 0);
    await take(world, 's2', 'a', 0);
    const { TableDescription } = await createIndex(world);
    assert.equal(TableDescription?.TableStatus, 'UPDATING');
    assert.equal(TableDescription?.GlobalSecondaryIndexes?.[0]?.IndexStatus, 'CREATING');
    await world.untilActive(TABLE);
    const { Table } = await world.call('DescribeTable', { TableName: TABLE });
    assert.equal(Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus, 'ACTIVE');
    assert.deepEqual(await leasesOf(world, 'a'), ['s1', 's2']);
    await take(world, 's3', 'a', 0);
    await take(world, 's1', 'b', 1);
    assert.deepEqual(await leasesOf(world, 'a'), ['s2', 's3']);
    await world.close();
  });

  test('leases written while the index is being made are in it', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    const names = Array.from({ length: 1_500 }, (_, index) => `s${String(index).padStart(4, '0')}`);
    await Promise.all(names.map((name) => createLease(world, name, { leaseOwner: S('a') })));
    await createIndex(world);
    await take(world, 's0000', 'b', 0);
    await take(world, 's1499', 'b', 0);
    await createLease(world, 't', { leaseOwner: S('b') });
    await world.untilActive(TABLE);
    assert.deepEqual(await leasesOf(world, 'b'), ['s0000', 's1499', 't']);
    assert.equal((await leasesOf(world, 'a')).length, 1_498);
    await world.close();
  });

  test('all leases are scanned in segments, of one stream where it asks so', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    for (let shard = 0; shard < 40; shard++) {
      await createLease(world, `s${shard}`, { streamName: S(shard % 2 === 0 ? 'even' : 'odd') });
    }
    const keys: (string | undefined)[] = [];
    for (let segment = 0; segment < 5; segment++) {
      let start: Record<string, object> | undefined;
      do {
        const page = await world.call('Scan', {
          TableName: TABLE,
          Segment: segment,
          TotalSegments: 5,
          Limit: 3,
          FilterExpression: 'streamName = :streamName',
          ExpressionAttributeValues: { ':streamName': S('even') },
          ExclusiveStartKey: start,
        });
        keys.push(...(page.Items ?? []).map(({ leaseKey }) => leaseKey?.S));
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
    }
    assert.equal(keys.length, 20);
    assert.equal(new Set(keys).size, 20);
    await world.close();
  });

  test('a lease is deleted without conditions, twice if need be', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    await createLease(world, 's');
    const remove = () => world.call('DeleteItem', { TableName: TABLE, Key: { leaseKey: S('s') } });
    await remove();
    await remove();
    assert.deepEqual(await world.call('GetItem', { TableName: TABLE, Key: { leaseKey: S('s') } }), {});
    await world.close();
  });

  test('the leader lock is had by one, kept by its version, and released', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    const item = (owner: string, version: string) => ({
      leaseKey: S('Leader'),
      entityType: S('LEADER'),
      ownerName: S(owner),
      leaseDuration: S('120000'),
      recordVersionNumber: S(version),
      data: { B: Buffer.from('x') },
    });
    const acquire = (owner: string, version: string) =>
      world.call('PutItem', {
        TableName: TABLE,
        Item: item(owner, version),
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': 'leaseKey' },
      });
    const heartbeat = (owner: string, from: string, to: string) =>
      world.call('UpdateItem', {
        TableName: TABLE,
        Key: { leaseKey: S('Leader') },
        UpdateExpression: 'SET #ld = :ld, #rvn = :newRvn',
        ConditionExpression: 'attribute_exists(#pk) AND #rvn = :rvn AND #on = :on',
        ExpressionAttributeNames: {
          '#pk': 'leaseKey',
          '#ld': 'leaseDuration',
          '#rvn': 'recordVersionNumber',
          '#on': 'ownerName',
        },
        ExpressionAttributeValues: {
          ':ld': S('120000'),
          ':rvn': S(from),
          ':newRvn': S(to),
          ':on': S(owner),
        },
      });
    await acquire('a', 'v1');
    await assert.rejects(acquire('b', 'v1'), { code: 'ConditionalCheckFailedException' });
    await heartbeat('a', 'v1', 'v2');
    await assert.rejects(heartbeat('a', 'v1', 'v3'), { code: 'ConditionalCheckFailedException' });
    await world.call('UpdateItem', {
      TableName: TABLE,
      Key: { leaseKey: S('Leader') },
      UpdateExpression: 'SET #ir = :ir',
      ConditionExpression: 'attribute_exists(#pk) AND #rvn = :rvn',
      ExpressionAttributeNames: { '#pk': 'leaseKey', '#ir': 'isReleased', '#rvn': 'recordVersionNumber' },
      ExpressionAttributeValues: { ':ir': S('1'), ':rvn': S('v2') },
    });
    await world.call('PutItem', {
      TableName: TABLE,
      Item: item('b', 'v4'),
      ConditionExpression: 'attribute_exists(#pk) AND #rvn = :rvn AND #ir = :ir',
      ExpressionAttributeNames: { '#pk': 'leaseKey', '#ir': 'isReleased', '#rvn': 'recordVersionNumber' },
      ExpressionAttributeValues: { ':ir': S('1'), ':rvn': S('v2') },
    });
    const { Item } = await world.call('GetItem', { TableName: TABLE, Key: { leaseKey: S('Leader') } });
    assert.deepEqual([Item?.ownerName, Item?.isReleased], [S('b'), undefined]);
    await world.close();
  });

  test('worker metrics stand beside the leases and are scanned by their kind', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    await createLease(world, 's', { entityType: S('LEASE') });
    await world.call('UpdateItem', {
      TableName: TABLE,
      Key: { leaseKey: S('worker-1') },
      UpdateExpression: 'SET #lut = :lut, #sts = :sts, #opr = :opr, #et = :et, #sup = :sup, #slu = :slu',
      ExpressionAttributeNames: {
        '#lut': 'lut',
        '#sts': 'sts',
        '#opr': 'opr',
        '#et': 'entityType',
        '#sup': 'sup',
        '#slu': 'slu',
      },
      ExpressionAttributeValues: {
        ':lut': N(1_790_000_000),
        ':sts': { M: { C: { L: [N('0.5'), N('1.25')] } } },
        ':opr': { M: { C: { L: [N(80)] } } },
        ':et': S('WORKER_METRIC_STATS'),
        ':sup': N(1),
        ':slu': N(1_790_000_000),
      },
    });
    const { Items } = await world.call('Scan', {
      TableName: TABLE,
      FilterExpression: '#et = :etVal',
      ExpressionAttributeNames: { '#et': 'entityType' },
      ExpressionAttributeValues: { ':etVal': S('WORKER_METRIC_STATS') },
    });
    assert.deepEqual(Items?.[0]?.sts, { M: { C: { L: [N('0.5'), N('1.25')] } } });
    assert.equal(Items?.length, 1);
    await world.close();
  });

  test('rows of other tables move over in one transaction, or stay', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    const migrate = (key: string) => ({
      Put: {
        TableName: TABLE,
        Item: { leaseKey: S(key) },
        ConditionExpression: 'attribute_not_exists(leaseKey)',
      },
    });
    await world.call('TransactWriteItems', { TransactItems: [migrate('a'), migrate('b')] });
    await assert.rejects(world.call('TransactWriteItems', { TransactItems: [migrate('c'), migrate('b')] }), {
      code: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
    });
    assert.equal((await world.call('Scan', { TableName: TABLE })).Count, 2);
    await world.close();
  });

  test('everything is there after a crash, the index too', async () => {
    const world = await aTables();
    await createLeaseTable(world);
    for (const shard of ['s1', 's2']) await createLease(world, shard);
    await createIndex(world);
    await world.untilActive(TABLE);
    await take(world, 's1', 'a', 0);
    await world.crash();
    const again = await aTables({ disk: world.disk, clock: world.clock, random: world.random });
    assert.deepEqual(await leasesOf(again, 'a'), ['s1']);
    await renew(again, 's1', 1);
    await again.close();
  });
});
