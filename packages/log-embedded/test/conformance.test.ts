import { MemoryDisk } from '@millrace/core';
import { aesBatchCipher } from '@millrace/log';
import { type CreateSubject, engineConformance, ManualClock, ManualKeys } from '@millrace/log/conformance';
import { type Durability, type EmbeddedLimits, openEmbeddedLog } from '@millrace/log-embedded';
import { randomOf } from '@millrace/simulation';
import { filesBelow } from './stored-bytes.ts';

const onMemory =
  (durability: Durability, limits: Partial<EmbeddedLimits> = {}): CreateSubject =>
  async () => {
    const disk = new MemoryDisk();
    const clock = new ManualClock();
    const keys = new ManualKeys();
    const random = randomOf(1);
    const cipher = () => aesBatchCipher(keys, random);
    const open = () => openEmbeddedLog({ disk, clock, durability, cipher: cipher(), limits });
    const engine = await open();
    let current = engine;
    return {
      engine,
      clock,
      keys,
      storedBytes: async () => Buffer.concat([...(await filesBelow(disk)).values()]),
      async reopen() {
        await current.close();
        current = await open();
        return current;
      },
      close: () => current.close(),
    };
  };

engineConformance('the embedded log', onMemory('flush'));
engineConformance('the embedded log that leaves syncing to the system', onMemory('os'));

/** Everything is written behind at once, nothing stays in memory, and everything is larger than its file. */
const CRAMPED: Partial<EmbeddedLimits> = {
  groupBytesMax: 256,
  groupChangesMax: 3,
  journalFileBytesMax: 512,
  writeBehindBytes: 1,
  dirtyBytesMax: 2048,
  slabBytes: 512,
  spareSlabsMax: 1,
  cleanTailBytesMax: 0,
  segmentBytesMax: 512,
  indexGapBytes: 128,
  portionBytesMax: 128,
  openFilesMax: 2,
};
engineConformance('the embedded log with hardly any room', onMemory('flush', CRAMPED));
