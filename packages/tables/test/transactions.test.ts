import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TransactWriteItem } from '@millrace/aws-model/dynamodb';
import type { ServiceError } from '@millrace/aws-protocol';
import { type LogEngine, LogError } from '@millrace/log';
import { aTable, aTables, awsError, type World } from './a-tables.ts';

const S = (value: string) => ({ S: value });
const N = (value: number) => ({ N: String(value) });
const key = (id: string) => ({ TableName: 'things', Key: { id: S(id) } });

const give = (id: string, amount: number): TransactWriteItem => ({
  Update: {
    ...key(id),
    UpdateExpression: 'ADD amount :amount',
    ExpressionAttributeValues: { ':amount': N(amount) },
  },
});

const has = (id: string, amount: number): TransactWriteItem => ({
  ConditionCheck: {
    ...key(id),
    ConditionExpression: 'amount >= :amount',
    ExpressionAttributeValues: { ':amount': N(amount) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

const amounts = async ({ call }: World, ids: readonly string[]) => {
  const { Responses } = await call('TransactGetItems', {
    TransactItems: ids.map((id) => ({ Get: key(id) })),
  });
  return Responses?.map(({ Item }) => Number(Item?.amount?.N ?? 0));
};

describe('transactions', () => {
  test('all of it is done, or nothing, and the reasons are told', async () => {
    const world = await aTables();
    await aTable(world);
    await world.call('TransactWriteItems', { TransactItems: [give('a', 5), give('b', 1)] });
    const write = (amount: number) =>
      world.call('TransactWriteItems', { TransactItems: [give('b', amount), has('a', amount)] });
    await write(5);
    await assert.rejects(write(6), (error: ServiceError) => {
      assert.equal(error.code, 'TransactionCanceledException');
      assert.deepEqual(structuredClone(error.members), {
        CancellationReasons: [
          { Code: 'None' },
          {
            Code: 'ConditionalCheckFailed',
            Message: 'The conditional request failed',
            Item: { id: S('a'), amount: N(5) },
          },
        ],
      });
      return true;
    });
    assert.deepEqual(await amounts(world, ['a', 'b', 'c']), [5, 6, 0]);
    await world.close();
  });

  test('an item stands in a transaction once', async () => {
    const world = await aTables();
    await aTable(world);
    await assert.rejects(
      world.call('TransactWriteItems', { TransactItems: [give('a', 1), give('a', 1)] }),
      awsError('ValidationException', 'Transaction request cannot include multiple operations on one item'),
    );
    await world.close();
  });

  test('a call that is made again with its token is not carried out again, also after a restart', async () => {
    const world = await aTables();
    await aTable(world);
    const write = ({ call }: World, amount = 1) =>
      call('TransactWriteItems', { ClientRequestToken: 'once', TransactItems: [give('a', amount)] });
    await Promise.all([write(world), write(world)]);
    await assert.rejects(write(world, 2), awsError('IdempotentParameterMismatchException'));
    await world.crash();
    const again = await aTables({ disk: world.disk, clock: world.clock, random: world.random });
    await write(again);
    assert.deepEqual(await amounts(again, ['a']), [1]);
    again.clock.advance(10 * 60_000 + 1);
    await write(again);
    assert.deepEqual(await amounts(again, ['a']), [2]);
    await again.close();
  });

  test('what is remembered of a token is forgotten in the end', async () => {
    const world = await aTables();
    await aTable(world);
    const was = world.deps.tables.records.liveBytes;
    await world.call('TransactWriteItems', {
      ClientRequestToken: 'once',
      TransactItems: [{ Delete: key('a') }],
    });
    assert.ok(world.deps.tables.records.liveBytes > was);
    world.clock.advance(11 * 60_000);
    await world.until(() => world.deps.tables.records.liveBytes === was);
    await world.close();
  });
});

/** An engine whose appends wait for a word, or fail by it. */
const gated = () => {
  const waiting: { pass: () => void; fail: (error: Error) => void }[] = [];
  let isOpen = true;
  const wrap = (engine: LogEngine): LogEngine =>
    new Proxy(engine, {
      get: (target, name) => {
        if (name !== 'append') return Reflect.get(target, name).bind(target);
        return async (...input: Parameters<LogEngine['append']>) => {
          if (!isOpen) await new Promise<void>((pass, fail) => waiting.push({ pass, fail }));
          return target.append(...input);
        };
      },
    });
  const next = async () => {
    while (waiting.length === 0) await new Promise(setImmediate);
    return waiting.shift() as (typeof waiting)[number];
  };
  const shut = () => {
    isOpen = false;
  };
  return { wrap, next, shut };
};

describe('what is not durable yet', () => {
  const put = ({ call }: World, v: string, rest: object = {}) =>
    call('PutItem', { TableName: 'things', Item: { id: S('a'), v: S(v) }, ...rest });
  const once = { ConditionExpression: 'attribute_not_exists(id)' };

  test('is not read by anybody', async () => {
    const { wrap, next, shut } = gated();
    const world = await aTables({ wrap });
    await aTable(world);
    shut();
    const written = put(world, 'new');
    const read = () => world.call('GetItem', { ...key('a'), ConsistentRead: true });
    assert.deepEqual(await read(), {});
    (await next()).pass();
    await written;
    assert.deepEqual((await read()).Item?.v, S('new'));
    await world.close();
  });

  test('decides on later writes, whose refusal waits for it', async () => {
    const { wrap, next, shut } = gated();
    const world = await aTables({ wrap });
    await aTable(world);
    shut();
    const first = put(world, 'first', once);
    let isRefused = false;
    const second = assert
      .rejects(put(world, 'second', once), awsError('ConditionalCheckFailedException'))
      .then(() => {
        isRefused = true;
      });
    await new Promise(setImmediate);
    assert.equal(isRefused, false);
    (await next()).pass();
    await Promise.all([first, second]);
    await world.close();
  });

  test('takes refusals with it when it fails: they can be tried again', async () => {
    const { wrap, next, shut } = gated();
    const world = await aTables({ wrap });
    await aTable(world);
    shut();
    const tried = [put(world, 'first', once), put(world, 'second', once)].map((call) =>
      assert.rejects(call, awsError('ThrottlingException')),
    );
    (await next()).fail(new LogError('full', 'no space'));
    await Promise.all(tried);
    const third = put(world, 'third', once);
    (await next()).pass();
    await third;
    await world.close();
  });
});
