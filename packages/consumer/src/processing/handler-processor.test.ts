import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Clock, nodeClock, nodeRandom } from '@millrace/client-common';
import { TRIM_HORIZON } from '../leases/checkpoint.ts';
import type { ConsumedRecord } from '../reading/user-record.ts';
import { AutoCheckpoint } from './auto-checkpoint.ts';
import type { Checkpointer } from './checkpointer.ts';
import { HandlerProcessor } from './handler-processor.ts';
import { PoisonGuard } from './poison.ts';
import type { RecordBatch } from './record-processor.ts';

describe('a handler that never waits', () => {
  test('lets other things happen between records', async () => {
    let nowMs = 0;
    let isOver = false;
    let turns = 0;
    const clock: Clock = { ...nodeClock, monotonic: () => nowMs };
    const report = (): void => {};
    const guard = new PoisonGuard({ clock, random: nodeRandom, backoffMsMax: 1, policy: 'stop', report });
    const handler = (): void => {
      nowMs += 5;
    };
    const processor = new HandlerProcessor(clock, handler, guard, new AutoCheckpoint(clock, 0, report));
    const others = (): void => {
      turns++;
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    const checkpointer: Checkpointer = {
      last: TRIM_HORIZON,
      checkpoint: async () => {},
      prepare: () => assert.fail(),
    };
    const records = Array.from({ length: 100 }, () => ({}) as ConsumedRecord);
    const batch: RecordBatch = {
      records,
      millisBehindLatest: 0,
      checkpointer,
      signal: new AbortController().signal,
    };
    await processor.processRecords(batch);
    isOver = true;
    assert(turns > 10, `${turns} turns`);
  });
});
