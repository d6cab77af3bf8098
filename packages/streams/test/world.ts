import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { type KinesisOperations, kinesisModel } from '@millrace/aws-model/kinesis';
import { bindService } from '@millrace/aws-protocol';
import { openCatalog } from '@millrace/catalog';
import { type Disk, MemoryDisk } from '@millrace/core';
import { openKeys } from '@millrace/identity';
import { aesBatchCipher, type DataKeys } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { openEmbeddedLog } from '@millrace/log-embedded';
import {
  kinesisTable,
  openStreams,
  type StreamsEvent,
  type StreamsOptions,
  streamDataKeys,
} from '../src/index.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';
export const HOUR_MS = 3_600_000;

const ROOT_KEY = { read: async () => new Uint8Array(32), make: async () => new Uint8Array(32) };

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)), uuid: randomUUID };

type Name = keyof KinesisOperations;
type Input<N extends Name> = KinesisOperations[N]['input'];
type Output<N extends Name> = KinesisOperations[N]['output'];

export interface WorldOptions {
  /** A world on the disk of an earlier one is that world after a restart. */
  readonly disk?: Disk;
  readonly clock?: ManualClock;
  readonly streams?: Partial<StreamsOptions>;
}

/** Data Streams as a client meets it, without the wire. Closed by `await using`. */
export const aWorld = async (options: WorldOptions = {}) => {
  const clock = options.clock ?? new ManualClock();
  const disk = options.disk ?? new MemoryDisk();
  let dataKeys: DataKeys | undefined;
  const lateDataKeys: DataKeys = {
    get(id) {
      assert.ok(dataKeys);
      return dataKeys.get(id);
    },
  };
  const cipher = aesBatchCipher(lateDataKeys, random);
  const engine = await openEmbeddedLog({ disk, clock, durability: 'flush', cipher });
  const events: StreamsEvent[] = [];
  const releases: (() => void)[] = [];
  const catalog = await openCatalog({ engine, clock, random });
  const keys = await openKeys({ catalog, random, rootKey: ROOT_KEY });
  dataKeys = streamDataKeys(catalog, keys);
  const onEvent = (event: StreamsEvent) => void events.push(event);
  const streams = await openStreams({ engine, catalog, clock, random, keys, onEvent, ...options.streams });
  const service = bindService(kinesisModel, kinesisTable, streams.deps);

  const callIn =
    (region: string, account = ACCOUNT) =>
    async <N extends Name>(name: N, input: Input<N>): Promise<Output<N>> => {
      const handler = service.handlers.get(name);
      assert.ok(typeof handler === 'function', `${name} is not built`);
      const context = { requestId: 'r', account, region, signal: AbortSignal.any([]) };
      return (await handler(input, context)) as Output<N>;
    };
  const call = callIn(REGION);

  const statusOf = (name: string) => catalog.state.streams.find(ACCOUNT, REGION, name)?.status;

  /** Resolves once the life cycle has brought the stream there; the applied commands wake it. */
  const untilStatus = (name: string, status: string | undefined): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = catalog.onApplied(() => statusOf(name) === status && resolve());
    if (statusOf(name) === status) resolve();
    return promise.finally(stop);
  };

  const aStream = async (
    name = 'orders',
    { shards = 1, ...rest }: { readonly shards?: number } & Partial<Input<'CreateStream'>> = {},
  ): Promise<string> => {
    await call('CreateStream', { StreamName: name, ShardCount: shards, ...rest });
    await untilStatus(name, 'ACTIVE');
    return name;
  };

  const putAll = async (name: string, texts: readonly string[]) => {
    const records = [];
    for (const text of texts) {
      records.push(
        await call('PutRecord', { StreamName: name, PartitionKey: text, Data: Buffer.from(text) }),
      );
    }
    return records;
  };

  const iteratorOf = async (name: string, rest: Partial<Input<'GetShardIterator'>> = {}): Promise<string> => {
    const input = { StreamName: name, ShardId: 'shardId-000000000000', ...rest };
    const answer = await call('GetShardIterator', { ShardIteratorType: 'TRIM_HORIZON', ...input });
    assert.ok(answer.ShardIterator);
    return answer.ShardIterator;
  };

  /** One GetRecords from the place that is asked for. */
  const readFrom = async (name: string, rest: Partial<Input<'GetShardIterator'>> = {}): Promise<string[]> => {
    const { Records } = await call('GetRecords', { ShardIterator: await iteratorOf(name, rest) });
    return Records.map(({ Data }) => Buffer.from(Data).toString());
  };

  /** Logs are neither made nor removed until the answer is called: streams stay CREATING or DELETING. */
  const holdLogs = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { create, delete: remove } = engine;
    engine.create = (log) => promise.then(() => create.call(engine, log));
    engine.delete = (log) => promise.then(() => remove.call(engine, log));
    releases.push(resolve);
    return resolve;
  };

  const close = async () => {
    for (const release of releases) release();
    await streams.close();
    await catalog.close();
    await engine.close();
  };

  return {
    clock,
    engine,
    events,
    disk,
    catalog,
    keys,
    streams,
    call,
    callIn,
    aStream,
    putAll,
    iteratorOf,
    readFrom,
    statusOf,
    untilStatus,
    holdLogs,
    close,
    [Symbol.asyncDispose]: close,
  };
};

/** For `assert.rejects`: AWS's error, its text to the letter. */
export const awsError = (code: string, message: string) => ({ name: 'ServiceError', code, message });
