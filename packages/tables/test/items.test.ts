import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AttributeValue, ReturnValue } from '@millrace/aws-model/dynamodb';
import { aTable, aTables, awsError, type World } from './a-tables.ts';

const S = (value: string) => ({ S: value });
const N = (value: number | string) => ({ N: String(value) });
const Key = { id: S('a') };

describe('items', () => {
  let world: World;
  before(async () => {
    world = await aTables();
    await aTable(world);
    await aTable(world, { name: 'ranged', range: 'N' });
  });
  after(() => world.close());

  const put = (attributes: Readonly<Record<string, AttributeValue>>, rest: object = {}) =>
    world.call('PutItem', { TableName: 'things', Item: { ...Key, ...attributes }, ...rest });
  const get = async () => (await world.call('GetItem', { TableName: 'things', Key })).Item;

  test('every type comes back as it was given, numbers in plain notation', async () => {
    const item = {
      s: S(''),
      n: N('-12.50e1'),
      b: { B: Buffer.from([0, 255]) },
      bool: { BOOL: false },
      none: { NULL: true },
      l: { L: [S('x'), { L: [] }] },
      m: { M: { ['__proto__']: S('p'), constructor: N(1) } },
      ss: { SS: ['b', 'a'] },
      ns: { NS: ['1', '2e1'] },
      bs: { BS: [Buffer.from([1])] },
      ['__proto__']: S('own'),
    };
    await put(item);
    const found = (await get()) ?? {};
    assert.deepEqual(found.n, N('-125'));
    assert.deepEqual(found.ns, { NS: ['1', '20'] });
    assert.deepEqual(found.l, item.l);
    assert.deepEqual(Buffer.from(found.b?.B ?? []), Buffer.from([0, 255]));
    assert.equal(Object.keys(found).length, 12);
    assert.deepEqual(Object.keys(found.m?.M ?? {}).sort(), ['__proto__', 'constructor']);
  });

  test('what is stored does not change with the memory that it came in', async () => {
    const bytes = Buffer.from([1, 2, 3]);
    await put({ b: { B: bytes }, bs: { BS: [bytes] } });
    bytes.fill(9);
    const found = (await get()) ?? {};
    assert.deepEqual(
      [[...(found.b?.B ?? [])], [...(found.bs?.BS?.[0] ?? [])]],
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    );
  });

  const REFUSED: readonly (readonly [what: string, value: AttributeValue, text: string | RegExp])[] = [
    ['no type', {}, 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'],
    [
      'two types',
      { S: 'a', N: '1' },
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    ],
    [
      'NULL that is false',
      { NULL: false },
      'One or more parameter values were invalid: Null attribute value types must have the value of true',
    ],
    [
      'an empty set',
      { SS: [] },
      'One or more parameter values were invalid: An string set  may not be empty',
    ],
    [
      'a set with a member twice',
      { SS: ['a', 'a'] },
      'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
    ],
    [
      'numbers that are the same',
      { NS: ['1', '1.0'] },
      'One or more parameter values were invalid: Input collection [1, 1] contains duplicates.',
    ],
    ['no number', N('one'), 'The parameter cannot be converted to a numeric value: one'],
    ['400 KB', S('x'.repeat(400 * 1024)), 'Item size has exceeded the maximum allowed size'],
    [
      'nesting of 33 levels',
      Array.from({ length: 33 }).reduce<AttributeValue>((inner) => ({ L: [inner] }), S('x')),
      'Nesting Levels have exceeded supported limits',
    ],
  ];
  for (const [what, value, text] of REFUSED) {
    test(`${what}: refused`, () => assert.rejects(put({ v: value }), awsError('ValidationException', text)));
  }

  test('an item of just 400 KB is taken', async () => {
    await put({ v: S('x'.repeat(400 * 1024 - 4)) });
    await assert.rejects(
      world.call('UpdateItem', {
        TableName: 'things',
        Key,
        UpdateExpression: 'SET w = :w',
        ExpressionAttributeValues: { ':w': S('x') },
      }),
      awsError('ValidationException', 'Item size to update has exceeded the maximum allowed size'),
    );
  });

  const KEYS: readonly (readonly [what: string, item: Record<string, AttributeValue>, text: string])[] = [
    ['no key', {}, 'One or more parameter values were invalid: Missing the key id in the item'],
    [
      'half a key',
      { id: S('a') },
      'One or more parameter values were invalid: Missing the key at in the item',
    ],
    [
      'a key of another type',
      { id: S('a'), at: S('1') },
      'One or more parameter values were invalid: Type mismatch for key at expected: N actual: S',
    ],
    [
      'an empty key',
      { id: S(''), at: N(1) },
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
    ],
    [
      'a key that is too long',
      { id: S('x'.repeat(2049)), at: N(1) },
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
  ];
  for (const [what, item, text] of KEYS) {
    test(`an item with ${what}: refused`, () =>
      assert.rejects(
        world.call('PutItem', { TableName: 'ranged', Item: item }),
        awsError('ValidationException', text),
      ));
  }

  for (const key of [{ id: S('a') }, { id: S('a'), at: S('b') }, { id: S('a'), at: N(1), more: N(1) }]) {
    test(`a request for ${JSON.stringify(key)}: refused`, () =>
      assert.rejects(
        world.call('GetItem', { TableName: 'ranged', Key: key }),
        awsError('ValidationException', 'The provided key element does not match the schema'),
      ));
  }

  test('numbers that are the same are the same key', async () => {
    await world.call('PutItem', { TableName: 'ranged', Item: { id: S('k'), at: N('1.0'), v: S('old') } });
    await world.call('PutItem', { TableName: 'ranged', Item: { id: S('k'), at: N('10e-1'), v: S('new') } });
    const { Items } = await world.call('Query', {
      TableName: 'ranged',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': S('k') },
    });
    assert.deepEqual(Items, [{ id: S('k'), at: N(1), v: S('new') }]);
  });

  const RETURNS: readonly (readonly [ReturnValue, object | undefined])[] = [
    ['NONE', undefined],
    ['ALL_OLD', { ...Key, n: N(1), m: { M: { x: N(1), y: N(2) } } }],
    ['ALL_NEW', { ...Key, n: N(2), m: { M: { x: N(5), y: N(2) } }, fresh: N(7) }],
    ['UPDATED_OLD', { n: N(1), m: { M: { x: N(1) } } }],
    ['UPDATED_NEW', { n: N(2), m: { M: { x: N(5) } }, fresh: N(7) }],
  ];
  for (const [ReturnValues, expected] of RETURNS) {
    test(`an update answers ${ReturnValues}`, async () => {
      await put({ n: N(1), m: { M: { x: N(1), y: N(2) } } });
      const { Attributes } = await world.call('UpdateItem', {
        TableName: 'things',
        Key,
        UpdateExpression: 'SET m.x = :x, fresh = :fresh ADD n :one',
        ExpressionAttributeValues: { ':x': N(5), ':fresh': N(7), ':one': N(1) },
        ReturnValues,
      });
      assert.deepEqual(Attributes, expected);
    });
  }

  test('a put and a delete answer the old item, and know no other way', async () => {
    await put({ v: S('old') });
    const { Attributes } = await put({ v: S('new') }, { ReturnValues: 'ALL_OLD' });
    assert.deepEqual(Attributes, { ...Key, v: S('old') });
    await assert.rejects(
      put({}, { ReturnValues: 'ALL_NEW' }),
      awsError('ValidationException', 'ReturnValues can only be ALL_OLD or NONE'),
    );
    const deleted = await world.call('DeleteItem', { TableName: 'things', Key, ReturnValues: 'ALL_OLD' });
    assert.deepEqual(deleted.Attributes, { ...Key, v: S('new') });
    const again = await world.call('DeleteItem', { TableName: 'things', Key, ReturnValues: 'ALL_OLD' });
    assert.equal(again.Attributes, undefined);
  });

  test('an update makes the item it does not find, unless it only takes away', async () => {
    const update = (UpdateExpression?: string) =>
      world.call('UpdateItem', { TableName: 'things', Key, UpdateExpression });
    await world.call('DeleteItem', { TableName: 'things', Key });
    await update('REMOVE v');
    assert.equal(await get(), undefined);
    await update();
    assert.deepEqual(await get(), Key);
  });

  test('items of a table that is not there are not found', () =>
    assert.rejects(
      world.call('GetItem', { TableName: 'none', Key }),
      awsError('ResourceNotFoundException', 'Requested resource not found'),
    ));

  test('a table answers to its ARN', async () => {
    await put({ v: S('by arn') });
    const TableName = 'arn:aws:dynamodb:eu-west-1:123456789012:table/things';
    assert.deepEqual((await world.call('GetItem', { TableName, Key })).Item?.v, S('by arn'));
  });

  test('a batch writes and reads over several tables', async () => {
    await world.call('BatchWriteItem', {
      RequestItems: {
        things: [{ PutRequest: { Item: { id: S('b1') } } }, { DeleteRequest: { Key } }],
        ranged: [{ PutRequest: { Item: { id: S('b2'), at: N(1), v: S('v') } } }],
      },
    });
    const { Responses, UnprocessedKeys } = await world.call('BatchGetItem', {
      RequestItems: {
        things: { Keys: [{ id: S('b1') }, Key] },
        ranged: { Keys: [{ id: S('b2'), at: N(1) }], ProjectionExpression: 'v' },
      },
    });
    assert.deepEqual(Responses, { things: [{ id: S('b1') }], ranged: [{ v: S('v') }] });
    assert.deepEqual(UnprocessedKeys, {});
  });

  test('a batch that names an item twice is refused and writes nothing', async () => {
    const Item = { id: S('twice') };
    const request = { PutRequest: { Item } };
    await assert.rejects(
      world.call('BatchWriteItem', { RequestItems: { things: [request, request] } }),
      awsError('ValidationException', 'Provided list of item keys contains duplicates'),
    );
    assert.deepEqual(await world.call('GetItem', { TableName: 'things', Key: Item }), {});
  });

  test('a large batch is answered in part, and says what is left', async () => {
    const keys = Array.from({ length: 50 }, (_, index) => ({ id: S(`large${index}`) }));
    await Promise.all(
      keys.map((key) =>
        world.call('PutItem', { TableName: 'things', Item: { ...key, v: S('x'.repeat(390_000)) } }),
      ),
    );
    const { Responses, UnprocessedKeys } = await world.call('BatchGetItem', {
      RequestItems: { things: { Keys: keys } },
    });
    const found = Responses?.things?.length ?? 0;
    const left = UnprocessedKeys?.things?.Keys.length ?? 0;
    assert.ok(found > 40 && left > 0, `${found} and ${left}`);
    assert.equal(found + left, 50);
  });
});
