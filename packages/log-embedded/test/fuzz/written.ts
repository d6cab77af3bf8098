import { type Disk, MemoryDisk, positionOf } from '@millrace/core';
import { type LogEngine, logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { encodeEntries } from '../../src/batch.ts';
import { checksum } from '../../src/bytes.ts';
import { sealFrame } from '../../src/frame.ts';
import { SMALL_SEGMENTS } from '../store.ts';

export const LOG = logIdOf('orders');
export const LOG_NUMBER = 3;

/** A sealed batch of so many entries. */
export const batchAt = (position: number, count: number): Buffer => {
  const frame = encodeEntries(
    Array.from({ length: count }, (_, index) => ({
      key: `key ${position + index}`,
      value: Buffer.from(`FB value MRJG ${'x'.repeat((position * 7 + index) % 40)}`),
    })),
  );
  sealFrame(frame, { logNumber: LOG_NUMBER, position, arrivalMs: 1_700_000_000_000 + position });
  return frame;
};

/** The frame with a checksum that fits what it has become: only its decoder can tell now. */
export const resealed = (frame: Buffer): Buffer => {
  if (frame.length >= 4) frame.writeUInt32LE(checksum(frame.subarray(4)), 0);
  return frame;
};

/** The store's files after it was killed: some of it in segments, some only in the journal. */
export const aStore = async (): Promise<Map<string, Buffer>> => {
  const disk = new MemoryDisk();
  const engine = await openOn(disk);
  await engine.create(LOG);
  for (let position = 0; position < 40; ) {
    const { first } = await engine.append(LOG, entriesAt(position));
    position = Number(first) + 2;
  }
  await engine.trim(LOG, positionOf(4));
  await engine.create(logIdOf('empty'));
  return filesOf(disk);
};

export const openOn = (disk: Disk): Promise<LogEngine> =>
  openEmbeddedLog({ disk, clock: new ManualClock(), durability: 'flush', limits: SMALL_SEGMENTS });

export const entriesAt = (position: number): { key: string; value: Buffer }[] =>
  [position, position + 1].map((each) => ({ key: `key ${each}`, value: Buffer.from(`value ${each}`) }));

const filesOf = async (disk: MemoryDisk): Promise<Map<string, Buffer>> => {
  const files = new Map<string, Buffer>();
  for (const directory of ['journal', 'logs/orders', '']) {
    for (const name of await disk.list(directory)) {
      const path = directory === '' ? name : `${directory}/${name}`;
      const file = await disk.open(path).catch(() => undefined);
      if (file === undefined) continue;
      const bytes = Buffer.alloc(await file.size());
      files.set(path, bytes.subarray(0, await file.read(bytes, 0)));
    }
  }
  return files;
};

export const diskWith = async (files: ReadonlyMap<string, Uint8Array>): Promise<MemoryDisk> => {
  const disk = new MemoryDisk();
  for (const [path, bytes] of files) await (await disk.open(path, { create: true })).write([bytes], 0);
  return disk;
};
