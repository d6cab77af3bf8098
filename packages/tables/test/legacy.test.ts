import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AttributeValue, ComparisonOperator } from '@millrace/aws-model/dynamodb';
import { aTable, aTables, awsError, type World } from './a-tables.ts';

const S = (value: string) => ({ S: value });
const N = (value: number) => ({ N: String(value) });

describe('the parameters from before expressions', () => {
  let world: World;
  before(async () => {
    world = await aTables();
    await aTable(world, { range: 'N' });
    for (let at = 1; at <= 5; at++) {
      await world.call('PutItem', {
        TableName: 'things',
        Item: { id: S('a'), at: N(at), text: S(`t${at}`), tags: { SS: [`t${at}`, 'all'] } },
      });
    }
  });
  after(() => world.close());

  const ROWS: readonly (readonly [ComparisonOperator, string, readonly AttributeValue[], number])[] = [
    ['EQ', 'at', [N(2)], 1],
    ['NE', 'at', [N(2)], 4],
    ['NE', 'missing', [N(2)], 5],
    ['LT', 'at', [N(2)], 1],
    ['LE', 'at', [N(2)], 2],
    ['GT', 'at', [N(2)], 3],
    ['GE', 'at', [N(2)], 4],
    ['BETWEEN', 'at', [N(2), N(4)], 3],
    ['IN', 'at', [N(2), N(4), N(9)], 2],
    ['BEGINS_WITH', 'text', [S('t')], 5],
    ['CONTAINS', 'tags', [S('t3')], 1],
    ['CONTAINS', 'text', [S('3')], 1],
    ['NOT_CONTAINS', 'tags', [S('t3')], 4],
    ['NULL', 'missing', [], 5],
    ['NOT_NULL', 'text', [], 5],
  ];
  for (const [operator, name, values, count] of ROWS) {
    test(`a scan filter ${operator} of ${name}`, async () => {
      const { Count } = await world.call('Scan', {
        TableName: 'things',
        ScanFilter: { [name]: { ComparisonOperator: operator, AttributeValueList: values } },
      });
      assert.equal(Count, count);
    });
  }

  test('filters are joined by AND, or by OR where that is asked', async () => {
    const count = async (ConditionalOperator?: 'AND' | 'OR') =>
      (
        await world.call('Scan', {
          TableName: 'things',
          ScanFilter: {
            at: { ComparisonOperator: 'LT', AttributeValueList: [N(3)] },
            text: { ComparisonOperator: 'EQ', AttributeValueList: [S('t5')] },
          },
          ConditionalOperator,
        })
      ).Count;
    assert.deepEqual([await count(), await count('AND'), await count('OR')], [0, 0, 3]);
  });

  test('key conditions choose a part of a partition', async () => {
    const { Items } = await world.call('Query', {
      TableName: 'things',
      KeyConditions: {
        id: { ComparisonOperator: 'EQ', AttributeValueList: [S('a')] },
        at: { ComparisonOperator: 'BETWEEN', AttributeValueList: [N(2), N(3)] },
      },
      QueryFilter: { text: { ComparisonOperator: 'NE', AttributeValueList: [S('t2')] } },
      AttributesToGet: ['at'],
    });
    assert.deepEqual(Items, [{ at: N(3) }]);
  });

  const Key = { id: S('updates'), at: N(1) };
  const update = (input: object) =>
    world.call('UpdateItem', { TableName: 'things', Key, ReturnValues: 'ALL_NEW', ...input });

  test('updates put, add and delete', async () => {
    const put = await update({
      AttributeUpdates: {
        n: { Value: N(1), Action: 'ADD' },
        tags: { Value: { SS: ['a'] }, Action: 'ADD' },
        text: { Value: S('x') },
      },
    });
    assert.deepEqual(put.Attributes, { ...Key, n: N(1), tags: { SS: ['a'] }, text: S('x') });
    const more = await update({
      AttributeUpdates: {
        n: { Value: N(2), Action: 'ADD' },
        tags: { Value: { SS: ['a'] }, Action: 'DELETE' },
        text: { Action: 'DELETE' },
      },
    });
    assert.deepEqual(more.Attributes, { ...Key, n: N(3) });
  });

  const REFUSED: readonly (readonly [what: string, input: object, text: string])[] = [
    [
      'a value without Exists or operator',
      { Expected: { a: {} } },
      'One or more parameter values were invalid: Value must be provided when Exists is null for Attribute: a',
    ],
    [
      'a value that should not exist',
      { Expected: { a: { Exists: false, Value: N(1) } } },
      'One or more parameter values were invalid: Value cannot be used when Exists is false for Attribute: a',
    ],
    [
      'two values for one',
      { Expected: { a: { ComparisonOperator: 'EQ', AttributeValueList: [N(1), N(2)] } } },
      'One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator',
    ],
    [
      'an order of sets',
      { Expected: { a: { ComparisonOperator: 'LT', AttributeValueList: [{ SS: ['a'] }] } } },
      'One or more parameter values were invalid: ComparisonOperator LT is not valid for SS AttributeValue type',
    ],
    [
      'a PUT of nothing',
      { AttributeUpdates: { a: { Action: 'PUT' } } },
      'One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified',
    ],
    [
      'an ADD of a text',
      { AttributeUpdates: { a: { Action: 'ADD', Value: S('a') } } },
      'One or more parameter values were invalid: Action value ADD is not supported for the type S',
    ],
    [
      'a change of the key',
      { AttributeUpdates: { at: { Value: N(2) } } },
      'One or more parameter values were invalid: Cannot update attribute at. This attribute is part of the key',
    ],
    [
      'an operator for one condition',
      { Expected: { a: { Exists: false } }, ConditionalOperator: 'OR' },
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    ],
  ];
  for (const [what, input, text] of REFUSED) {
    test(`${what}: refused`, () => assert.rejects(update(input), awsError('ValidationException', text)));
  }
});
