import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AttributeValue } from '@millrace/aws-model/dynamodb';
import { aTable, aTables, awsError, type World } from './a-tables.ts';

const S = (value: string) => ({ S: value });
const N = (value: number | string) => ({ N: String(value) });
const L = (...value: AttributeValue[]) => ({ L: value });

type Attributes = Readonly<Record<string, AttributeValue>>;

const ITEM: Attributes = {
  word: S('hello'),
  amount: N(5),
  bits: { B: Buffer.from([1, 2, 3]) },
  yes: { BOOL: true },
  nothing: { NULL: true },
  tags: { SS: ['a', 'b'] },
  scores: { NS: ['1', '2.5'] },
  parts: L(S('x'), N(1), { M: { deep: S('z') } }),
  inside: { M: { one: N(1), 'a.b': S('dotted') } },
};

/** By placeholder: those that an expression uses are given to it. */
const NAMES: Readonly<Record<string, string>> = { '#dotted': 'a.b', '#name': 'name', '#inside': 'inside' };
const VALUES: Attributes = {
  ':hello': S('hello'),
  ':he': S('he'),
  ':five': N('5.0'),
  ':six': N(6),
  ':one': N(1),
  ':a': S('a'),
  ':c': S('c'),
  ':ell': S('ell'),
  ':two': { B: Buffer.from([2]) },
  ':true': { BOOL: true },
  ':null': { NULL: true },
  ':type': S('SS'),
  ':set': { SS: ['b', 'a'] },
  ':ac': { SS: ['a', 'c'] },
  ':all': { SS: ['a', 'b'] },
  ':ns': { NS: ['9'] },
  ':list': L(S('x'), N(1), { M: { deep: S('z') } }),
  ':new': L(S('new')),
};

const used = <Value>(expression: string, all: Readonly<Record<string, Value>>) => {
  const found = Object.entries(all).filter(([key]) => new RegExp(`${key}(?![A-Za-z0-9_])`).test(expression));
  return found.length === 0 ? undefined : Object.fromEntries(found);
};

const placeholders = (expression: string) => ({
  ExpressionAttributeNames: used(expression, NAMES),
  ExpressionAttributeValues: used(expression, VALUES),
});

describe('expressions', () => {
  let world: World;
  before(async () => {
    world = await aTables();
    await aTable(world);
    await world.call('PutItem', { TableName: 'things', Item: { id: S('it'), ...ITEM } });
  });
  after(() => world.close());

  const matches = async (expression: string) => {
    const { Count } = await world.call('Scan', {
      TableName: 'things',
      FilterExpression: expression,
      ...placeholders(expression),
    });
    return Count === 1;
  };

  const TRUE = [
    'word = :hello',
    'amount = :five',
    'amount <> :six',
    'absent <> :six',
    'amount < :six AND amount <= :five AND amount >= :five',
    ':six > amount',
    'amount BETWEEN :one AND :six',
    'word IN (:a, :hello)',
    'tags = :set',
    'parts = :list',
    'yes = :true and nothing = :null',
    'attribute_exists(inside.one)',
    'attribute_exists(parts[2].deep)',
    'attribute_not_exists(parts[3])',
    'attribute_not_exists(inside.one.more)',
    'attribute_exists(inside.#dotted)',
    'attribute_type(tags, :type)',
    'begins_with(word, :he)',
    'contains(word, :ell)',
    'contains(tags, :a)',
    'contains(scores, :one)',
    'contains(parts, :one)',
    'contains(bits, :two)',
    'size(word) = :five',
    'size(parts) < :five',
    'not word = :he',
    'NOT (word = :he OR word = :a)',
    'word = :he OR word = :a OR word = :hello',
    'word = :he AND word = :a OR word = :hello',
    'word = :hello OR word = :he AND word = :a',
    '#inside.one = :one',
    'inside . one=:one',
  ];
  for (const expression of TRUE)
    test(`true: ${expression}`, async () => assert.ok(await matches(expression)));

  const FALSE = [
    'word = :five',
    'absent = :six',
    'absent < :six',
    'word < :six',
    'absent BETWEEN :one AND :six',
    'absent IN (:a, :hello)',
    'attribute_exists(absent)',
    'attribute_type(word, :type)',
    'begins_with(absent, :he)',
    'begins_with(amount, :he)',
    'contains(tags, :c)',
    'contains(tags, :one)',
    'contains(absent, :c)',
    'size(absent) >= :one',
    'size(yes) >= :one',
    'NOT word = :hello',
    'word = :hello AND (word = :he OR word = :a)',
  ];
  for (const expression of FALSE)
    test(`false: ${expression}`, async () => assert.ok(!(await matches(expression))));

  const REFUSED: readonly (readonly [expression: string, text: string | RegExp])[] = [
    ['', 'The expression can not be empty;'],
    ['word', /^Syntax error; token: "<EOF>", near: "word"$/],
    ['word = ', /^Syntax error; token: "<EOF>"/],
    ['word = :hello :he', 'Syntax error; token: ":he", near: ":hello :he"'],
    ['word ! :hello', 'Syntax error; token: "!", near: "word ! :hello"'],
    ['(word = :hello', /^Syntax error; token: "<EOF>"/],
    ['word IN ()', /^Syntax error; token: "\)"/],
    ['word[a] = :hello', /^Syntax error; token: "a"/],
    ['name = :hello', 'Attribute name is a reserved keyword; reserved keyword: name'],
    ['inside.Status = :hello', 'Attribute name is a reserved keyword; reserved keyword: Status'],
    [
      'word = :unknown',
      'An expression attribute value used in expression is not defined; attribute value: :unknown',
    ],
    [
      '#unknown = :hello',
      'An expression attribute name used in the document path is not defined; attribute name: #unknown',
    ],
    ['begins(word, :he)', 'Invalid function name; function: begins'],
    [
      'attribute_exists(:he)',
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'attribute_exists(word, :he)',
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    [
      'begins_with(word, :one)',
      'Incorrect operand type for operator or function; operator or function: begins_with, operand type: NUMBER',
    ],
    [
      'word < :true',
      'Incorrect operand type for operator or function; operator or function: <, operand type: BOOLEAN',
    ],
    [
      'attribute_type(word, :he)',
      'Invalid attribute type name found; type: he, valid types: {S,N,B,BOOL,NULL,L,M,SS,NS,BS}',
    ],
    [
      'word = word',
      'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [word]',
    ],
    [
      'amount BETWEEN :six AND :one',
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound;',
    ],
    [`${'('.repeat(200)}word = :hello`, 'The expression is nested too deeply;'],
    [`${'NOT '.repeat(200)}word = :hello`, 'The expression is nested too deeply;'],
    [
      `word = :hello${' '.repeat(5_000)}`,
      'Expression size has exceeded the maximum allowed size; expression size: 5013',
    ],
  ];
  for (const [expression, text] of REFUSED) {
    test(`refused: ${expression.slice(0, 40)}`, async () => {
      await assert.rejects(matches(expression), (error: Error & { code: string }) => {
        assert.equal(error.code, 'ValidationException');
        const told = error.message.replace(/^Invalid FilterExpression: /, '');
        if (typeof text === 'string') assert.equal(told, text);
        else assert.match(told, text);
        return true;
      });
    });
  }

  const updated = async (expression: string, item: Attributes = ITEM) => {
    const Key = { id: S('updated') };
    await world.call('PutItem', { TableName: 'things', Item: { ...Key, ...item } });
    try {
      const { Attributes } = await world.call('UpdateItem', {
        TableName: 'things',
        Key,
        UpdateExpression: expression,
        ...placeholders(expression),
        ReturnValues: 'ALL_NEW',
      });
      const { id: _id, ...rest } = Attributes ?? {};
      return rest;
    } finally {
      await world.call('DeleteItem', { TableName: 'things', Key });
    }
  };

  const CHANGES: readonly (readonly [expression: string, change: Readonly<Record<string, unknown>>])[] = [
    ['SET word = :a', { word: S('a') }],
    ['set word = :a, amount = :one', { word: S('a'), amount: N(1) }],
    ['SET amount = amount + :one', { amount: N(6) }],
    ['SET amount = :one - amount', { amount: N(-4) }],
    ['SET amount = if_not_exists(absent, :six)', { amount: N(6) }],
    ['SET amount = if_not_exists(amount, :one) + :one', { amount: N(6) }],
    ['SET parts = list_append(:new, parts)', { parts: L(S('new'), S('x'), N(1), { M: { deep: S('z') } }) }],
    ['SET parts[1] = :a', { parts: L(S('x'), S('a'), { M: { deep: S('z') } }) }],
    ['SET parts[9] = :a', { parts: L(S('x'), N(1), { M: { deep: S('z') } }, S('a')) }],
    ['SET parts[2].deep = :a', { parts: L(S('x'), N(1), { M: { deep: S('a') } }) }],
    ['SET inside.two = :a', { inside: { M: { ...ITEM.inside?.M, two: S('a') } } }],
    ['REMOVE word, inside.one', { word: undefined, inside: { M: { 'a.b': S('dotted') } } }],
    ['REMOVE parts[0], parts[2]', { parts: L(N(1)) }],
    ['REMOVE absent', {}],
    ['ADD amount :six, fresh :one', { amount: N(11), fresh: N(1) }],
    ['ADD tags :ac', { tags: { SS: ['a', 'b', 'c'] } }],
    ['DELETE tags :ac', { tags: { SS: ['b'] } }],
    ['DELETE tags :all', { tags: undefined }],
    ['DELETE absent :all', {}],
    [
      'SET word = :a REMOVE yes ADD amount :one DELETE tags :ac',
      { word: S('a'), yes: undefined, amount: N(6), tags: { SS: ['b'] } },
    ],
  ];
  for (const [expression, change] of CHANGES.filter(([text]) => !text.includes('#name2'))) {
    test(expression, async () => {
      const expected = Object.entries({ ...ITEM, ...change }).filter(([, value]) => value !== undefined);
      const plain = (value: object) => structuredClone(value);
      assert.deepEqual(plain(await updated(expression)), plain(Object.fromEntries(expected)));
    });
  }

  test('all values of a SET are read from the item as it was', async () => {
    const { amount, fresh } = await updated('SET amount = :one, fresh = amount');
    assert.deepEqual([amount, fresh], [N(1), N(5)]);
  });

  const REFUSED_UPDATES: readonly (readonly [expression: string, text: string])[] = [
    ['SET word = absent', 'The provided expression refers to an attribute that does not exist in the item'],
    ['SET amount = word + :one', 'An operand in the update expression has an incorrect data type'],
    ['SET word = list_append(word, :new)', 'An operand in the update expression has an incorrect data type'],
    ['SET absent.a = :a', 'The document path provided in the update expression is invalid for update'],
    ['SET word[0] = :a', 'The document path provided in the update expression is invalid for update'],
    ['REMOVE absent.a', 'The document path provided in the update expression is invalid for update'],
    ['ADD word :one', 'An operand in the update expression has an incorrect data type'],
    ['DELETE tags :ns', 'An operand in the update expression has an incorrect data type'],
    [
      'ADD word :a',
      'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: ADD, operand type: STRING',
    ],
    [
      'SET word = :a, word = :c',
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [word], path two: [word]',
    ],
    [
      'SET inside.one = :a REMOVE inside',
      'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [inside, one], path two: [inside]',
    ],
    [
      'SET inside.one = :a, inside[0] = :c',
      'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [inside, one], path two: [inside, [0]]',
    ],
    [
      'SET word = :a SET amount = :one',
      'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    ],
    [
      'SET id = :a',
      'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
    ],
    ['word = :a', 'Invalid UpdateExpression: Syntax error; token: "word", near: "word ="'],
  ];
  for (const [expression, text] of REFUSED_UPDATES) {
    test(`refused: ${expression}`, () =>
      assert.rejects(updated(expression), awsError('ValidationException', text)));
  }

  test('a refused update leaves the item as it was', async () => {
    const Key = { id: S('it') };
    const look = () => world.call('GetItem', { TableName: 'things', Key });
    const was = await look();
    await assert.rejects(
      world.call('UpdateItem', {
        TableName: 'things',
        Key,
        UpdateExpression: 'SET amount = :v, word = absent',
        ExpressionAttributeValues: { ':v': N(9) },
      }),
    );
    assert.deepEqual(await look(), was);
  });

  const projected = async (expression: string) =>
    (
      await world.call('GetItem', {
        TableName: 'things',
        Key: { id: S('it') },
        ProjectionExpression: expression,
        ExpressionAttributeNames: used(expression, NAMES),
      })
    ).Item;

  test('a projection gives the parts it names, and lists close up', async () => {
    assert.deepEqual(await projected('word, inside.#dotted, parts[0], parts[2].deep, absent, word2.a'), {
      word: S('hello'),
      inside: { M: { 'a.b': S('dotted') } },
      parts: L(S('x'), { M: { deep: S('z') } }),
    });
  });

  test('a projection of overlapping paths is refused', () =>
    assert.rejects(
      projected('inside.one, inside'),
      awsError('ValidationException', /^Invalid ProjectionExpression: Two document paths overlap/),
    ));
});

describe('placeholders', () => {
  const put = async (rest: object) => {
    const world = await aTables();
    try {
      await aTable(world);
      return await world.call('PutItem', { TableName: 'things', Item: { id: S('a') }, ...rest });
    } finally {
      await world.close();
    }
  };
  const ROWS: readonly (readonly [what: string, rest: object, text: string])[] = [
    [
      'names without an expression',
      { ExpressionAttributeNames: { '#a': 'a' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      'no names',
      { ConditionExpression: 'attribute_not_exists(a)', ExpressionAttributeNames: {} },
      'ExpressionAttributeNames must not be empty',
    ],
    [
      'a name of the wrong form',
      { ConditionExpression: 'attribute_not_exists(a)', ExpressionAttributeNames: { a: 'a' } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      'a name that is not used',
      { ConditionExpression: 'attribute_not_exists(a)', ExpressionAttributeNames: { '#a': 'a' } },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}',
    ],
    [
      'a value that is not used',
      { ConditionExpression: 'attribute_not_exists(a)', ExpressionAttributeValues: { ':a': S('a') } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}',
    ],
    [
      'a value that is none',
      { ConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': N('x') } },
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :a',
    ],
    [
      'the old and the new way together',
      { ConditionExpression: 'attribute_not_exists(a)', Expected: { a: { Exists: false } } },
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    ],
  ];
  for (const [what, rest, text] of ROWS) {
    test(`${what}: refused`, () => assert.rejects(put(rest), awsError('ValidationException', text)));
  }
});
