import type { Clock, Disk } from '@millrace/core';
import type { BatchCipher, LogEngine } from '@millrace/log';
import { BatchReader } from './batch-reader.ts';
import { EmbeddedLog } from './engine.ts';
import { asLogError, hasCode } from './errors.ts';
import type { OnEvent } from './event.ts';
import { GroupCommit } from './group-commit.ts';
import { Health } from './health.ts';
import { type Durability, Journal } from './journal.ts';
import { Lane } from './lane.ts';
import { DEFAULT_LIMITS, type EmbeddedLimits } from './limits.ts';
import { noCipher } from './no-cipher.ts';
import { type Recovered, recover } from './recovery.ts';
import { SegmentFiles } from './segment-files.ts';
import { SegmentReader } from './segment-reader.ts';
import { SegmentWriter } from './segment-writer.ts';
import { Space } from './space.ts';
import { WriteBehind } from './write-behind.ts';

export interface EmbeddedLogOptions {
  /** Its root holds `manifest`, `journal/` and `logs/`; other names in it are left alone. One process at a time. */
  readonly disk: Disk;
  readonly clock: Clock;
  readonly durability: Durability;
  /** For appends with a data key. It is not asked before the first of them is made or read. */
  readonly cipher?: BatchCipher | undefined;
  readonly limits?: Partial<EmbeddedLimits>;
  readonly onEvent?: OnEvent;
}

/** Opens the store, or makes one. Rejects with a `LogError`: `corrupt` when acknowledged data is damaged. */
export const openEmbeddedLog = async (options: EmbeddedLogOptions): Promise<LogEngine> => {
  const { disk, clock, onEvent = () => undefined } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const startedMs = clock.monotonic();
  try {
    const recovered = await recover({ disk, limits, onEvent });
    const { durability, cipher = noCipher } = options;
    const engine = await assemble({ disk, clock, durability, cipher, limits, onEvent }, recovered);
    const { table, count } = recovered;
    onEvent({ kind: 'recovered', logs: table.size, ...count, tookMs: clock.monotonic() - startedMs });
    return engine;
  } catch (cause) {
    const error = asLogError(cause, 'open');
    if (hasCode(error, 'corrupt')) onEvent({ kind: 'corrupt', error });
    throw error;
  }
};

interface Settings {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly durability: Durability;
  readonly cipher: BatchCipher;
  readonly limits: EmbeddedLimits;
  readonly onEvent: OnEvent;
}

const assemble = async (settings: Settings, recovered: Recovered): Promise<LogEngine> => {
  const { disk, clock, cipher, limits, onEvent } = settings;
  const { table, journalFiles, isNew } = recovered;
  const journal = await Journal.start(
    { disk, clock, durability: settings.durability, journalFileBytesMax: limits.journalFileBytesMax },
    journalFiles.next,
    journalFiles.sizes,
  );
  const health = new Health(onEvent, (error) => {
    for (const { waiters } of table.all) waiters.reject(error);
  });
  const lane = new Lane();
  const files = new SegmentFiles(disk, limits.openFilesMax);
  const writer = new SegmentWriter(files, { disk, limits, onEvent });
  const writeBehind = new WriteBehind({ disk, clock, table, journal, writer, lane, health, limits, onEvent });
  if (isNew) await writeBehind.requireRound();
  const commit = new GroupCommit({ journal, writeBehind, health, clock, limits, onEvent });
  const batches = new BatchReader(cipher);
  const reader = new SegmentReader(files, batches, { disk, limits, onEvent });
  const space = new Space({ disk, table, files, lane, onEvent });
  const release = async (): Promise<void> => {
    await writeBehind.settle();
    await lane.idle();
    await files.closeAll();
    await journal.close();
  };
  writeBehind.nudge();
  return new EmbeddedLog({ table, commit, cipher, batches, reader, space, health, onEvent, release });
};
