import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import type { ReadShard } from './follower.ts';

/** Small, so that a shard's end is met in the middle of things. */
const READ_RECORDS = 40;
const PAUSE_MS = 10;

/** Reads by GetRecords, from one iterator to the next. */
export const polling = (kinesis: KinesisClient, StreamName: string, signal: AbortSignal): ReadShard =>
  async function* (ShardId) {
    const options = { abortSignal: signal };
    const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start), options);
    for (;;) {
      const get = new GetRecordsCommand({ ShardIterator, Limit: READ_RECORDS });
      const { Records = [], NextShardIterator, ChildShards = [] } = await kinesis.send(get, options);
      yield Records;
      if (NextShardIterator === undefined) return ChildShards;
      assert.deepEqual(ChildShards, [], `${ShardId} has children and goes on`);
      ShardIterator = NextShardIterator;
      if (Records.length === 0) await pause(PAUSE_MS, undefined, { signal });
    }
  };
