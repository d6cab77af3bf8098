import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CreateTableInput } from '@millrace/aws-model/dynamodb';
import { aTable, aTables, awsError, SCOPE } from './a-tables.ts';

const S = (value: string) => ({ S: value });
const N = (value: number) => ({ N: String(value) });

const INPUT: CreateTableInput = {
  TableName: 'things',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
};

const provisioned = {
  BillingMode: 'PROVISIONED',
  ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 },
} as const;

describe('tables', () => {
  test('a table is described as it was asked for', async () => {
    const world = await aTables();
    const { TableDescription } = await world.call('CreateTable', { ...INPUT, ...provisioned });
    assert.equal(TableDescription?.TableStatus, 'CREATING');
    await world.untilActive('things');
    const { Table } = await world.call('DescribeTable', { TableName: 'things' });
    assert.deepEqual(Table, {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      TableName: 'things',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TableStatus: 'ACTIVE',
      CreationDateTime: Table?.CreationDateTime,
      ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 5, WriteCapacityUnits: 7 },
      TableSizeBytes: 0,
      ItemCount: 0,
      TableArn: 'arn:aws:dynamodb:eu-west-1:123456789012:table/things',
      TableId: Table?.TableId,
      TableClassSummary: { TableClass: 'STANDARD' },
      DeletionProtectionEnabled: false,
    });
    await world.close();
  });

  test('items count and weigh', async () => {
    const world = await aTables();
    await aTable(world);
    await world.call('PutItem', { TableName: 'things', Item: { id: S('abc'), n: N(12345) } });
    const size = async () => {
      const { Table } = await world.call('DescribeTable', { TableName: 'things' });
      return [Table?.ItemCount, Table?.TableSizeBytes];
    };
    assert.deepEqual(await size(), [1, 2 + 3 + 1 + 4]);
    await world.call('DeleteItem', { TableName: 'things', Key: { id: S('abc') } });
    assert.deepEqual(await size(), [0, 0]);
    await world.close();
  });

  test('a name is taken once, also by those who ask at once', async () => {
    const world = await aTables();
    const results = await Promise.allSettled([
      world.call('CreateTable', INPUT),
      world.call('CreateTable', INPUT),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    await world.untilActive('things');
    await assert.rejects(
      world.call('CreateTable', INPUT),
      awsError('ResourceInUseException', 'Table already exists: things'),
    );
    await world.close();
  });

  const REFUSED: readonly (readonly [
    what: string,
    input: Partial<CreateTableInput>,
    text: string | RegExp,
  ])[] = [
    [
      'a short name',
      { TableName: 'ab' },
      'TableName must be at least 3 characters long and at most 255 characters long',
    ],
    ['a name with a blank', { TableName: 'a b' }, /regular expression pattern: \[a-zA-Z0-9_.-\]\+$/],
    [
      'a key that is not defined',
      { AttributeDefinitions: [] },
      'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [id], AttributeDefinitions: []',
    ],
    [
      'a definition that is no key',
      {
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'x', AttributeType: 'S' },
        ],
      },
      'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    ],
    [
      'a range alone',
      { KeySchema: [{ AttributeName: 'id', KeyType: 'RANGE' }] },
      'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
    ],
    [
      'throughput of an on-demand table',
      { ProvisionedThroughput: provisioned.ProvisionedThroughput },
      'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    ],
    [
      'a provisioned table without throughput',
      { BillingMode: 'PROVISIONED' },
      'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    ],
    [
      'a stream',
      { StreamSpecification: { StreamEnabled: true } },
      'Streams of a table are not supported here',
    ],
  ];
  for (const [what, input, text] of REFUSED) {
    test(`${what}: refused`, async () => {
      const world = await aTables();
      await assert.rejects(
        world.call('CreateTable', { ...INPUT, ...input }),
        awsError('ValidationException', text),
      );
      await world.close();
    });
  }

  test('a deleted table goes with its items, and its name is free again', async () => {
    const world = await aTables();
    await aTable(world);
    await Promise.all(
      Array.from({ length: 1_200 }, (_, index) =>
        world.call('PutItem', { TableName: 'things', Item: { id: S(`i${index}`) } }),
      ),
    );
    const { TableDescription } = await world.call('DeleteTable', { TableName: 'things' });
    assert.equal(TableDescription?.TableStatus, 'DELETING');
    await assert.rejects(
      world.call('PutItem', { TableName: 'things', Item: { id: S('late') } }),
      awsError('ResourceNotFoundException', 'Requested resource not found'),
    );
    await world.until(async () => (await world.call('ListTables', {})).TableNames?.length === 0);
    assert.equal(world.deps.tables.records.liveBytes, 0);
    await aTable(world);
    assert.equal((await world.call('Scan', { TableName: 'things' })).Count, 0);
    await world.close();
  });

  test('a protected table is not deleted', async () => {
    const world = await aTables();
    await world.call('CreateTable', { ...INPUT, DeletionProtectionEnabled: true });
    await world.untilActive('things');
    await assert.rejects(
      world.call('DeleteTable', { TableName: 'things' }),
      awsError('ValidationException', /currently protected against deletion/),
    );
    await world.call('UpdateTable', { TableName: 'things', DeletionProtectionEnabled: false });
    await world.untilActive('things');
    await world.call('DeleteTable', { TableName: 'things' });
    await world.close();
  });

  test('a table that is being updated is not updated again', async () => {
    const world = await aTables();
    await aTable(world);
    const [, second] = await Promise.allSettled([
      world.call('UpdateTable', { TableName: 'things', TableClass: 'STANDARD_INFREQUENT_ACCESS' }),
      world.call('UpdateTable', { TableName: 'things', ...provisioned }),
    ]);
    assert.equal(second?.status, 'rejected');
    assert.equal(
      second.reason.message,
      'Attempt to change a resource which is still in use: Table is being updated: things',
    );
    await world.close();
  });

  test('a table changes how it is paid for, there and back', async () => {
    const world = await aTables();
    await aTable(world);
    const billing = async () => {
      await world.untilActive('things');
      const { Table } = await world.call('DescribeTable', { TableName: 'things' });
      return [Table?.BillingModeSummary?.BillingMode, Table?.ProvisionedThroughput?.WriteCapacityUnits];
    };
    await world.call('UpdateTable', { TableName: 'things', ...provisioned });
    assert.deepEqual(await billing(), ['PROVISIONED', 7]);
    await world.call('UpdateTable', { TableName: 'things', BillingMode: 'PAY_PER_REQUEST' });
    assert.deepEqual(await billing(), ['PAY_PER_REQUEST', 0]);
    await world.close();
  });

  test('an index comes and goes', async () => {
    const world = await aTables();
    await aTable(world);
    const update = (change: object) =>
      world.call('UpdateTable', {
        TableName: 'things',
        AttributeDefinitions: [{ AttributeName: 'kind', AttributeType: 'S' }],
        GlobalSecondaryIndexUpdates: [change],
      });
    const Create = {
      IndexName: 'by-kind',
      KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    };
    await update({ Create });
    await world.untilActive('things');
    await assert.rejects(
      world.call('PutItem', { TableName: 'things', Item: { id: S('a'), kind: N(1) } }),
      awsError(
        'ValidationException',
        'One or more parameter values were invalid: Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind',
      ),
    );
    await assert.rejects(update({ Create }), awsError('ValidationException', /already exists/));
    await update({ Delete: { IndexName: 'by-kind' } });
    await world.untilActive('things');
    const { Table } = await world.call('DescribeTable', { TableName: 'things' });
    assert.equal(Table?.GlobalSecondaryIndexes, undefined);
    await world.close();
  });

  test('tables are listed in pages, in the order of their names', async () => {
    const world = await aTables();
    for (const TableName of ['ccc', 'aaa', 'bbb']) await world.call('CreateTable', { ...INPUT, TableName });
    const first = await world.call('ListTables', { Limit: 2 });
    assert.deepEqual(first, { TableNames: ['aaa', 'bbb'], LastEvaluatedTableName: 'bbb' });
    const second = await world.call('ListTables', { ExclusiveStartTableName: 'bbb' });
    assert.deepEqual(second, { TableNames: ['ccc'] });
    await world.close();
  });

  test('tags are put, replaced and taken away', async () => {
    const world = await aTables();
    await world.call('CreateTable', { ...INPUT, Tags: [{ Key: 'a', Value: '1' }] });
    await world.untilActive('things');
    const ResourceArn = `arn:aws:dynamodb:${SCOPE.region}:${SCOPE.account}:table/things`;
    await world.call('TagResource', {
      ResourceArn,
      Tags: [
        { Key: 'a', Value: '2' },
        { Key: 'b', Value: '' },
      ],
    });
    await world.call('UntagResource', { ResourceArn, TagKeys: ['b', 'c'] });
    assert.deepEqual(await world.call('ListTagsOfResource', { ResourceArn }), {
      Tags: [{ Key: 'a', Value: '2' }],
    });
    await assert.rejects(
      world.call('ListTagsOfResource', { ResourceArn: `${ResourceArn}2` }),
      awsError('ResourceNotFoundException', /not found$/),
    );
    await world.close();
  });

  test('there are no continuous backups, and nobody is told otherwise', async () => {
    const world = await aTables();
    await aTable(world);
    const expected = {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'DISABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
      },
    };
    const update = (PointInTimeRecoveryEnabled: boolean) =>
      world.call('UpdateContinuousBackups', {
        TableName: 'things',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
      });
    assert.deepEqual(await world.call('DescribeContinuousBackups', { TableName: 'things' }), expected);
    assert.deepEqual(await update(false), expected);
    await assert.rejects(update(true), awsError('ContinuousBackupsUnavailableException'));
    await world.close();
  });
});

describe('time to live', () => {
  test('items that have had their time go, others stay', async () => {
    const world = await aTables();
    await aTable(world);
    const nowSeconds = Math.floor(world.clock.now() / 1000);
    const put = (id: string, rest: object) =>
      world.call('PutItem', { TableName: 'things', Item: { id: S(id), ...rest } });
    await put('past', { expires: N(nowSeconds - 10) });
    await put('soon', { expires: N(nowSeconds + 30) });
    await put('late', { expires: N(nowSeconds + 3_600) });
    await put('long ago', { expires: N(nowSeconds - 6 * 365 * 86_400) });
    await put('text', { expires: S(String(nowSeconds - 10)) });
    await put('none', {});
    await world.call('UpdateTimeToLive', {
      TableName: 'things',
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    });
    assert.deepEqual(await world.call('DescribeTimeToLive', { TableName: 'things' }), {
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' },
    });
    const names = async () =>
      (await world.call('Scan', { TableName: 'things' })).Items?.map(({ id }) => id?.S).sort() ?? [];
    world.clock.advance(60_000);
    await world.until(async () => (await names()).length === 4);
    assert.deepEqual(await names(), ['late', 'long ago', 'none', 'text']);
    await world.close();
  });

  test('it is switched off by the name by which it was switched on', async () => {
    const world = await aTables();
    await aTable(world);
    const update = (Enabled: boolean, AttributeName: string) =>
      world.call('UpdateTimeToLive', {
        TableName: 'things',
        TimeToLiveSpecification: { Enabled, AttributeName },
      });
    await assert.rejects(
      update(false, 'a'),
      awsError('ValidationException', 'TimeToLive is already disabled'),
    );
    await update(true, 'a');
    await assert.rejects(update(true, 'a'), awsError('ValidationException', 'TimeToLive is already enabled'));
    await assert.rejects(update(false, 'b'), awsError('ValidationException', /different AttributeName/));
    await update(false, 'a');
    await world.close();
  });
});
