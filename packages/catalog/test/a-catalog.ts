import { type Clock, type Disk, MemoryDisk, type Random } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { type Catalog, type CatalogOptions, openCatalog } from '../src/index.ts';
import type { StreamsCommand } from '../src/streams/commands.ts';
import { streamIdOf } from '../src/streams/stream.ts';

/** Unpredictable enough for tests, and the same in every run. */
const countingRandom = (): Random => {
  let count = 0;
  return {
    bytes: (length) => new Uint8Array(length).fill(++count),
    uuid: () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`,
  };
};

export const anEngine = ({
  disk = new MemoryDisk(),
  clock = new ManualClock(),
}: {
  readonly disk?: Disk;
  readonly clock?: Clock;
} = {}): Promise<LogEngine> => openEmbeddedLog({ disk, clock, durability: 'flush' });

export const aCatalog = (engine: LogEngine, options: Partial<CatalogOptions> = {}): Promise<Catalog> =>
  openCatalog({ engine, clock: new ManualClock(), random: countingRandom(), ...options });

type CreateStream = Extract<StreamsCommand, { type: 'streams.create.v1' }>;

export const anId = (number: number) => streamIdOf(number.toString(16).padStart(16, '0'));

export const createStream = (name: string, changes: Partial<CreateStream> = {}): CreateStream => ({
  type: 'streams.create.v1',
  id: anId(1),
  account: '123456789012',
  region: 'eu-west-1',
  name,
  mode: 'PROVISIONED',
  shardCount: 2,
  shardsMax: 1_000,
  retentionHours: 24,
  maxRecordBytes: 1024 * 1024,
  tags: [],
  ...changes,
});
