import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { type Clock, RECORD_BYTES_MAX } from '@millrace/core';
import { Lane, type Line } from './lane.ts';
import { linesOf } from './lines.ts';
import type { PartitionKeyOf } from './partition-key.ts';
import { Attempts, isWorthAnotherTry } from './retry.ts';

/** An acknowledged line: which it was and where it went. */
export interface Acknowledged {
  readonly line: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

export interface PutOptions {
  readonly client: KinesisClient;
  readonly clock: Clock;
  readonly stream: string;
  readonly input: AsyncIterable<Uint8Array>;
  readonly partitionKeyOf: PartitionKeyOf;
  /** Batches under way at one time; the lines of one partition key always share a lane. */
  readonly lanes: number;
  /** A batch that makes no progress for so long ends the command. */
  readonly giveUpMs: number;
  readonly onAcknowledged: (done: readonly Acknowledged[], bytes: number) => void;
  readonly onRetry: (records: number) => void;
}

/** Spreads keys over lanes; any even function does. */
const laneOf = (key: string, lanes: number): number => {
  let hash = 0;
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return (hash >>> 0) % lanes;
};

/** One PutRecords: gives the lines that the server did not take. */
const putOnce = async (options: PutOptions, lines: readonly Line[]): Promise<Line[]> => {
  const answer = await options.client.send(
    new PutRecordsCommand({ StreamName: options.stream, Records: lines.map(({ entry }) => entry) }),
  );
  const done: Acknowledged[] = [];
  const failed: Line[] = [];
  let bytes = 0;
  for (const [at, line] of lines.entries()) {
    const { ShardId: shardId, SequenceNumber: sequenceNumber } = answer.Records?.[at] ?? {};
    if (shardId === undefined || sequenceNumber === undefined) {
      failed.push(line);
      continue;
    }
    done.push({ line: line.number, shardId, sequenceNumber });
    bytes += line.entry.Data.length;
  }
  options.onAcknowledged(done, bytes);
  return failed;
};

/** Sends a batch until all of it is acknowledged. */
const putAll = async (options: PutOptions, lines: readonly Line[]): Promise<void> => {
  const attempts = new Attempts(options.clock, options.giveUpMs);
  for (let rest = lines; rest.length > 0; ) {
    let failed: readonly Line[] = rest;
    try {
      failed = await putOnce(options, rest);
      if (failed.length < rest.length) attempts.progressed();
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error;
      attempts.failed(error);
    }
    rest = failed;
    if (rest.length === 0) return;
    options.onRetry(rest.length);
    await attempts.pause();
  }
};

/** Puts every line of the input as one record. Resolves when all are acknowledged. */
export const put = async (options: PutOptions): Promise<void> => {
  const lanes = Array.from({ length: options.lanes }, () => new Lane((lines) => putAll(options, lines)));
  let number = 0;
  for await (const lines of linesOf(options.input, RECORD_BYTES_MAX)) {
    for (const data of lines) {
      const key = options.partitionKeyOf(data);
      const lane = lanes[laneOf(key, lanes.length)];
      await lane?.add({ number: ++number, entry: { Data: data, PartitionKey: key } });
    }
    for (const lane of lanes) lane.kick();
  }
  await Promise.all(lanes.map((lane) => lane.drain()));
};
