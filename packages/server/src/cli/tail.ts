import {
  type _Record,
  ExpiredIteratorException,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  type Shard,
} from '@aws-sdk/client-kinesis';
import type { Clock } from '@millrace/core';
import { pause } from '../adapters/pause.ts';
import { Attempts, isWorthAnotherTry } from './retry.ts';
import type { Start } from './start-position.ts';

export interface TailOptions {
  readonly client: KinesisClient;
  readonly clock: Clock;
  readonly stream: string;
  readonly from: Start;
  readonly untilCaughtUp: boolean;
  readonly giveUpMs: number;
  readonly signal: AbortSignal;
  /** Takes the records of one answer, in order; reading of that shard goes on when it resolves. */
  readonly onRecords: (shardId: string, records: readonly _Record[]) => Promise<void>;
}

/** Five reads a second and shard are what AWS allows. */
const IDLE_PAUSE_MS = 250;

/** Where one shard is read from next. */
type Place = { readonly after: string } | Start;

const iteratorInput = (place: Place, nowMs: number) => {
  if ('after' in place) {
    return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: place.after } as const;
  }
  if (place.type === 'earliest') return { ShardIteratorType: 'TRIM_HORIZON' } as const;
  if (place.type === 'latest') return { ShardIteratorType: 'LATEST' } as const;
  const timeMs = place.type === 'time' ? place.timeMs : nowMs - place.agoMs;
  return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(timeMs) } as const;
};

/** Reads one shard to its end, or to the present when that is asked for. Gives the shards that follow it. */
const readShard = async (options: TailOptions, shardId: string, from: Start): Promise<Shard[]> => {
  const { client, clock, stream, signal } = options;
  let place: Place = from;
  let iterator: string | undefined;
  const attempts = new Attempts(clock, options.giveUpMs);

  const next = async (): Promise<GetRecordsCommandOutput | undefined> => {
    try {
      if (iterator === undefined) {
        const input = { StreamName: stream, ShardId: shardId, ...iteratorInput(place, clock.now()) };
        const answer = await client.send(new GetShardIteratorCommand(input), { abortSignal: signal });
        iterator = answer.ShardIterator ?? '';
      }
      const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator }), {
        abortSignal: signal,
      });
      attempts.progressed();
      return answer;
    } catch (error) {
      if (error instanceof ExpiredIteratorException) iterator = undefined;
      else if (!isWorthAnotherTry(error)) throw error;
      attempts.failed(error);
      await attempts.pause(signal);
      return undefined;
    }
  };

  while (true) {
    signal.throwIfAborted();
    const answer = await next();
    if (answer === undefined) continue;
    const records = answer.Records ?? [];
    if (records.length > 0) await options.onRecords(shardId, records);
    const last = records.at(-1)?.SequenceNumber;
    if (last !== undefined) place = { after: last };
    if (answer.NextShardIterator === undefined) {
      return (answer.ChildShards ?? []).map(({ ShardId, ParentShards, HashKeyRange }) => ({
        ShardId,
        ParentShardId: ParentShards?.[0],
        AdjacentParentShardId: ParentShards?.[1],
        HashKeyRange,
        SequenceNumberRange: undefined,
      }));
    }
    iterator = answer.NextShardIterator;
    if (answer.MillisBehindLatest !== 0) continue;
    if (options.untilCaughtUp && records.length === 0) return [];
    if (records.length === 0) await pause(IDLE_PAUSE_MS, signal);
  }
};

const FILTERS = {
  earliest: { Type: 'FROM_TRIM_HORIZON' },
  latest: { Type: 'AT_LATEST' },
} as const;

const listShards = async ({ client, clock, stream, from, signal }: TailOptions): Promise<Shard[]> => {
  const filter =
    from.type === 'earliest' || from.type === 'latest'
      ? FILTERS[from.type]
      : ({ Type: 'FROM_TIMESTAMP', Timestamp: iteratorInput(from, clock.now()).Timestamp } as const);
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    const input = token === undefined ? { StreamName: stream, ShardFilter: filter } : { NextToken: token };
    const page = await client.send(new ListShardsCommand(input), { abortSignal: signal });
    shards.push(...(page.Shards ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return shards;
};

const parentsOf = (shard: Shard): string[] =>
  [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined);

/**
 * Reads all shards at the same time, but a child only after its parents, so that the records of one partition
 * key stay in order across a reshard.
 */
export const tail = async (options: TailOptions): Promise<void> => {
  const reading = new Map<string, Promise<void>>();
  const follow = (shard: Shard, from: Start): void => {
    const shardId = shard.ShardId;
    if (shardId === undefined || reading.has(shardId)) return;
    const parents = parentsOf(shard).map((id) => reading.get(id));
    reading.set(
      shardId,
      (async () => {
        await Promise.all(parents);
        for (const child of await readShard(options, shardId, from)) follow(child, { type: 'earliest' });
      })(),
    );
  };
  // Shard ids grow with time, so parents come first.
  const shards = (await listShards(options)).sort((a, b) => ((a.ShardId ?? '') < (b.ShardId ?? '') ? -1 : 1));
  for (const shard of shards) follow(shard, options.from);
  for (let count = 0; count < reading.size; ) {
    count = reading.size;
    await Promise.all(reading.values());
  }
};
