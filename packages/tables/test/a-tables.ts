import assert from 'node:assert/strict';
import { type DynamoDbOperations, dynamoDbModel } from '@millrace/aws-model/dynamodb';
import { bindService } from '@millrace/aws-protocol';
import { type Disk, MemoryDisk, type Random } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { dynamoDbTable, openTables, type TablesEvent } from '../src/index.ts';

export const SCOPE = { account: '123456789012', region: 'eu-west-1' };

/** UUIDs that count. */
const aRandom = (): Random => {
  let count = 0;
  return {
    bytes: (length) => new Uint8Array(length),
    uuid: () => {
      count += 1;
      return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    },
  };
};

type Name = keyof DynamoDbOperations;

export interface WorldOptions {
  /** A world on the disk of an earlier one is that world after a restart. */
  readonly disk?: Disk;
  readonly clock?: ManualClock;
  readonly random?: Random;
  /** Puts something between the tables and their log. */
  readonly wrap?: (engine: LogEngine) => LogEngine;
}

/** DynamoDB as a client meets it, without the wire. */
export const aTables = async (options: WorldOptions = {}) => {
  const { disk = new MemoryDisk(), clock = new ManualClock(), random = aRandom() } = options;
  const engine = await openEmbeddedLog({ disk, clock, durability: 'flush' });
  const events: TablesEvent[] = [];
  const open = await openTables({
    engine: options.wrap?.(engine) ?? engine,
    clock,
    random,
    onEvent: (event) => events.push(event),
  });
  const service = bindService(dynamoDbModel, dynamoDbTable, open.deps);
  const call = async <N extends Name>(name: N, input: DynamoDbOperations[N]['input']) => {
    const handler = service.handlers.get(name);
    assert.ok(typeof handler === 'function', `${name} is not built`);
    const context = { ...SCOPE, requestId: 'r', signal: AbortSignal.any([]) };
    // Plain objects, as a client gets them.
    return structuredClone(await handler(input, context)) as DynamoDbOperations[N]['output'];
  };
  /** Lets time pass bit by bit until the condition holds: work in the background takes turns by the clock. */
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let turn = 0; !(await holds()); turn++) {
      assert.ok(turn < 10_000, 'it did not come true');
      clock.advance(1);
      await new Promise(setImmediate);
    }
  };
  const untilActive = async (name: string): Promise<void> =>
    until(async () => (await call('DescribeTable', { TableName: name })).Table?.TableStatus === 'ACTIVE');
  /** As a killed process leaves it. */
  const crash = () => engine.close();
  const close = async () => {
    const closed = open.close();
    clock.advance(1);
    await closed;
    await engine.close();
  };
  return { ...open, call, engine, clock, disk, random, events, until, untilActive, crash, close };
};

export type World = Awaited<ReturnType<typeof aTables>>;

/** A table with the hash key `id`, and the range key `at` where a type is given for it; ACTIVE. */
export const aTable = async (
  { call, untilActive }: World,
  {
    name = 'things',
    hash = 'S',
    range,
  }: { name?: string; hash?: 'S' | 'N' | 'B'; range?: 'S' | 'N' | 'B' } = {},
): Promise<void> => {
  await call('CreateTable', {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: hash },
      ...(range === undefined ? [] : [{ AttributeName: 'at', AttributeType: range }]),
    ],
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      ...(range === undefined ? [] : [{ AttributeName: 'at', KeyType: 'RANGE' as const }]),
    ],
  });
  await untilActive(name);
};

export const awsError = (code: string, message?: string | RegExp) => ({
  name: 'ServiceError',
  code,
  ...(message === undefined ? {} : { message }),
});
