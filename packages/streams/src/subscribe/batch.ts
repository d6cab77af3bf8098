import type { Record as RecordAnswer } from '@millrace/aws-model/kinesis';
import type { Shard, Stream } from '@millrace/catalog';
import { type Clock, type Position, positionOf } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { millisBehindLatest, recordAnswers } from '../answers/records.ts';
import { readShard } from '../model/read-shard.ts';
import { trimHorizonMs } from '../model/retention.ts';
import { shardLogOf } from '../model/shard-log.ts';
import { EVENT_LIMITS } from './limits.ts';

/** The records of one event, and where its reader goes on. */
export interface Batch {
  readonly records: RecordAnswer[];
  readonly next: Position;
  /** Where the shard ended when it was read. */
  readonly end: Position;
  readonly millisBehindLatest: number;
}

export interface BatchReaderOptions {
  readonly engine: LogEngine;
  readonly clock: Clock;
}

/**
 * Reads for all subscriptions. Those that wait at the end of a shard are woken together by an append: the first
 * one reads, the others share what it gets.
 */
export class BatchReader {
  readonly #options: BatchReaderOptions;
  readonly #reading = new Map<string, Promise<Batch>>();

  constructor(options: BatchReaderOptions) {
    this.#options = options;
  }

  read(stream: Stream, shard: Shard, from: Position): Promise<Batch> {
    const key = `${stream.id}/${shard.index}/${shard.closed?.end}/${from}`;
    const shared = this.#reading.get(key);
    if (shared !== undefined) return shared;
    const reading = this.#read(stream, shard, from).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }

  async #read(stream: Stream, shard: Shard, from: Position): Promise<Batch> {
    const { engine, clock } = this.#options;
    const result = await readShard(
      engine,
      shardLogOf(stream.id, shard),
      from,
      EVENT_LIMITS,
      trimHorizonMs(stream, clock.now()),
      shard.closed?.end,
    );
    return {
      records: recordAnswers(result.records, shard),
      // Past the end stands a reader whose last records a power loss took (`--durability os`): it must not wait there.
      next: positionOf(Math.min(result.next, result.end)),
      end: result.end,
      millisBehindLatest: millisBehindLatest(result, clock.now()),
    };
  }
}
