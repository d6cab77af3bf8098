import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AttributeValue } from '@millrace/aws-model/dynamodb';
import fc from 'fast-check';
import { aTable, aTables, awsError, type World } from './a-tables.ts';

const S = (value: string) => ({ S: value });
const N = (value: number) => ({ N: String(value) });

type Attributes = Readonly<Record<string, AttributeValue>>;

interface Row {
  readonly id: string;
  readonly at: number;
  readonly owner?: string;
}

const OPERATORS: Readonly<Record<string, (at: number, a: number, b: number) => boolean>> = {
  'at1 = :a': (at, a) => at === a,
  'at1 < :a': (at, a) => at < a,
  'at1 <= :a': (at, a) => at <= a,
  'at1 > :a': (at, a) => at > a,
  'at1 >= :a': (at, a) => at >= a,
  'at1 BETWEEN :a AND :b': (at, a, b) => at >= a && at <= b,
};

describe('queries and scans', () => {
  let world: World;
  const rows: Row[] = [];

  before(async () => {
    world = await aTables();
    const { call, untilActive } = world;
    await call('CreateTable', {
      TableName: 'rows',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'at1', AttributeType: 'N' },
        { AttributeName: 'owner1', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'at1', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-owner',
          KeySchema: [
            { AttributeName: 'owner1', KeyType: 'HASH' },
            { AttributeName: 'at1', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
        },
      ],
    });
    await untilActive('rows');
    for (const id of ['a', 'b', 'c']) {
      for (const at of [-20, -3, -1, 0, 1, 2, 10, 11]) {
        const owner = at % 2 === 0 ? { owner: at > 0 ? 'x' : 'y' } : {};
        rows.push({ id, at, ...owner });
      }
    }
    for (const { id, at, owner } of rows) {
      const Item = { id: S(id), at1: N(at), note: S('n'), more: S('m') };
      await call('PutItem', {
        TableName: 'rows',
        Item: owner === undefined ? Item : { ...Item, owner1: S(owner) },
      });
    }
  });
  after(() => world.close());

  /** All pages, of so many items each. */
  const pages = async (
    operation: 'Query' | 'Scan',
    input: object,
    limit: number,
  ): Promise<readonly Attributes[]> => {
    const items: Attributes[] = [];
    let start: Attributes | undefined;
    do {
      const page = await world.call(operation, {
        TableName: 'rows',
        Limit: limit,
        ExclusiveStartKey: start,
        ...input,
      });
      assert.ok((page.ScannedCount ?? 0) <= limit);
      assert.equal(page.Items?.length, page.Count);
      items.push(...(page.Items ?? []));
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return items;
  };

  test('a query gives what its condition says, in order, forward and backward, in pages of any size', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(OPERATORS)),
        fc.integer({ min: -21, max: 12 }),
        fc.integer({ min: 0, max: 10 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (operator, a, width, isForward, limit) => {
          const values = {
            ':id': S('b'),
            ':a': N(a),
            ...(operator.includes(':b') ? { ':b': N(a + width) } : {}),
          };
          const items = await pages(
            'Query',
            {
              KeyConditionExpression: `id = :id AND ${operator}`,
              ExpressionAttributeValues: values,
              ScanIndexForward: isForward,
            },
            limit,
          );
          const expected = rows
            .filter(({ id, at }) => id === 'b' && OPERATORS[operator]?.(at, a, a + width))
            .map(({ at }) => at);
          const found = items.map(({ at1 }) => Number(at1?.N));
          assert.deepEqual(found, isForward ? expected : expected.toReversed());
        },
      ),
    ));

  test('an index is read in the same way, and shows what is projected', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('x', 'y', 'z'),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        async (owner, isForward, limit) => {
          const items = await pages(
            'Query',
            {
              IndexName: 'by-owner',
              KeyConditionExpression: 'owner1 = :owner',
              ExpressionAttributeValues: { ':owner': S(owner) },
              ScanIndexForward: isForward,
            },
            limit,
          );
          const own = rows.filter((row) => row.owner === owner);
          assert.equal(items.length, own.length);
          const ats = items.map(({ at1 }) => Number(at1?.N));
          assert.deepEqual(
            ats,
            ats.toSorted((a, b) => (isForward ? a - b : b - a)),
          );
          for (const item of items)
            assert.deepEqual(Object.keys(item).sort(), ['at1', 'id', 'note', 'owner1']);
        },
      ),
    ));

  test('segments of a scan together have every item once', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        async (count, limit) => {
          const found: string[] = [];
          for (let segment = 0; segment < count; segment++) {
            const items = await pages('Scan', { Segment: segment, TotalSegments: count }, limit);
            found.push(...items.map(({ id, at1 }) => `${id?.S}${at1?.N}`));
          }
          assert.deepEqual(found.sort(), rows.map(({ id, at }) => `${id}${at}`).sort());
        },
      ),
      { numRuns: 30 },
    ));

  test('an index that is scanned has only the items that have its key', async () => {
    const items = await pages('Scan', { IndexName: 'by-owner' }, 4);
    assert.equal(items.length, rows.filter(({ owner }) => owner !== undefined).length);
  });

  test('a count tells no items, and what was looked at', async () => {
    const page = await world.call('Query', {
      TableName: 'rows',
      Select: 'COUNT',
      KeyConditionExpression: 'id = :id',
      FilterExpression: 'attribute_exists(owner1)',
      ExpressionAttributeValues: { ':id': S('a') },
    });
    assert.deepEqual(page, { Count: 4, ScannedCount: 8 });
  });

  test('a page ends after a megabyte', async () => {
    await aTable(world, { name: 'large', range: 'N' });
    for (let at = 0; at < 6; at++) {
      await world.call('PutItem', {
        TableName: 'large',
        Item: { id: S('a'), at: N(at), v: S('x'.repeat(300_000)) },
      });
    }
    const page = await world.call('Query', {
      TableName: 'large',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': S('a') },
    });
    assert.deepEqual([page.Count, page.LastEvaluatedKey], [4, { id: S('a'), at: N(3) }]);
  });

  const query = (input: object) =>
    world.call('Query', {
      TableName: 'rows',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': S('a') },
      ...input,
    });

  const REFUSED: readonly (readonly [what: string, input: object, text: string])[] = [
    [
      'no condition at all',
      { KeyConditionExpression: undefined, ExpressionAttributeValues: undefined },
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    ],
    ['no hash key', { KeyConditionExpression: 'at1 = :id' }, 'Query condition missed key schema element: id'],
    [
      'a hash key that is not equal',
      { KeyConditionExpression: 'id > :id' },
      'Query key condition not supported',
    ],
    ['an OR', { KeyConditionExpression: 'id = :id OR id = :id' }, 'Query key condition not supported'],
    [
      'a value of another type',
      { ExpressionAttributeValues: { ':id': N(1) } },
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'an attribute that is no key',
      { KeyConditionExpression: 'id = :id AND note = :id' },
      'Query condition missed key schema element: at1',
    ],
    [
      'a filter on a key',
      { FilterExpression: 'at1 = :id' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: at1',
    ],
    [
      'an unknown index',
      { IndexName: 'by-nothing' },
      'The table does not have the specified index: by-nothing',
    ],
    [
      'a consistent read of an index',
      { IndexName: 'by-owner', KeyConditionExpression: 'owner1 = :id', ConsistentRead: true },
      'Consistent reads are not supported on global secondary indexes',
    ],
    [
      'what the index does not have',
      { IndexName: 'by-owner', KeyConditionExpression: 'owner1 = :id', ProjectionExpression: 'more' },
      'One or more parameter values were invalid: Global secondary index by-owner does not project [more]',
    ],
    [
      'a start in another partition',
      { ExclusiveStartKey: { id: S('b'), at1: N(1) } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    ['half a start', { ExclusiveStartKey: { id: S('a') } }, 'The provided starting key is invalid'],
  ];
  for (const [what, input, text] of REFUSED) {
    test(`${what}: refused`, () => assert.rejects(query(input), awsError('ValidationException', text)));
  }

  test('a segment needs a count of segments that it is below', async () => {
    const scan = (input: object) => world.call('Scan', { TableName: 'rows', ...input });
    await assert.rejects(
      scan({ Segment: 1 }),
      awsError('ValidationException', /TotalSegments parameter is required/),
    );
    await assert.rejects(
      scan({ TotalSegments: 1 }),
      awsError('ValidationException', /Segment parameter is required/),
    );
    await assert.rejects(
      scan({ Segment: 4, TotalSegments: 4 }),
      awsError('ValidationException', /Segment: 4 is not less than TotalSegments: 4/),
    );
  });
});
