import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Deliveries } from './deliveries.ts';
import type { KclEvent } from './kcl-event.ts';
import { WorkerLog } from './worker-log.ts';
import type { Written } from './written-stream.ts';

const SHARD = 'shardId-000000000000';
const CHILD = 'shardId-000000000001';

const told = { atUs: 0, worker: 'ada', shard: SHARD, subSequenceNumber: 0 };
const record = (sequenceNumber: string, round: number, fields: object = {}): KclEvent => ({
  ...told,
  kind: 'record',
  sequenceNumber,
  key: 'key 1',
  data: `1:${round}`,
  ...fields,
});
const begun = (sequenceNumber: string, fields: object = {}): KclEvent => ({
  ...told,
  kind: 'initialized',
  sequenceNumber,
  ...fields,
});
const ended = (shard: string): KclEvent => ({ atUs: 0, worker: 'ada', kind: 'shardEnded', shard });

/** Two records of one key in one shard. */
const written: readonly Written[] = [0, 1].map((round) => ({
  sequenceNumber: String(round + 10),
  subSequenceNumber: 0,
  key: 'key 1',
  data: `1:${round}`,
}));
const stream = { shards: [SHARD], of: () => written };

test('what was read to the end, again from a checkpoint, is in order', () => {
  const events = [
    begun('TRIM_HORIZON'),
    record('10', 0),
    record('11', 1),
    begun('10', { worker: 'grace' }),
    record('11', 1, { worker: 'grace' }),
  ];
  const deliveries = new Deliveries(events);
  deliveries.checkSessions(stream);
  deliveries.checkOrderOfKeys();
  assert.deepEqual(deliveries.missing(stream), []);
  assert.deepEqual([deliveries.records, deliveries.repeated], [2, 1]);
});

test('a record that never came, or came changed, is missing', () => {
  const deliveries = new Deliveries([begun('TRIM_HORIZON'), record('10', 7)]);
  assert.equal(deliveries.missing(stream).length, 2);
});

for (const [what, events] of [
  ['came twice to one worker', [begun('TRIM_HORIZON'), record('10', 0), record('10', 0)]],
  ['came after a later one', [begun('TRIM_HORIZON'), record('11', 1), record('10', 0)]],
  ['lay before the checkpoint', [begun('10'), record('10', 0)]],
  ['was never written', [begun('TRIM_HORIZON'), record('12', 2)]],
] as const)
  test(`a record that ${what} is told`, () => {
    assert.throws(() => new Deliveries(events).checkSessions(stream));
  });

test('a key whose records first came out of order, or with one left out, is told', () => {
  for (const events of [[record('11', 1), record('10', 0)], [record('11', 1)]])
    assert.throws(() => new Deliveries(events).checkOrderOfKeys(), /the order of key 1/);
});

test('a child that begins before its parent’s end is told', () => {
  const parents = new Map([[CHILD, [SHARD]]]);
  const child = begun('TRIM_HORIZON', { shard: CHILD });
  new Deliveries([ended(SHARD), child]).checkParentsFirst(parents);
  assert.throws(() => new Deliveries([child, ended(SHARD)]).checkParentsFirst(parents), /not at their end/);
});

test('of a log what is expected is left out, and a warning is trouble when the server’s answer is in it', () => {
  const log = new WorkerLog();
  for (const line of [
    '12 [main] WARN a.B - Did not find an operating range metadata provider.',
    '13 [lam-thread] WARN a.B - Not able to assign all',
    '14 [w1] WARN a.B - it failed',
    'software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException: no (Service: DynamoDb, Status Code: 500)',
    '\tat a.B.c(B.java:1)',
    '15 [w1] ERROR a.B - it failed',
  ])
    log.add(line);
  assert.deepEqual(
    log.unexpected().map((entry) => entry.slice(0, 2)),
    ['13', '14', '15'],
  );
  assert.deepEqual(
    log.troubles().map((entry) => entry.slice(0, 2)),
    ['14', '15'],
  );
});
