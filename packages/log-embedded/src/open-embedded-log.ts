import type { Clock, Disk } from '@millrace/core';
import type { BatchCipher } from '@millrace/log';
import { BatchReader } from './batch-reader.ts';
import { EmbeddedLog } from './engine.ts';
import { asLogError, hasCode } from './errors.ts';
import type { OnEvent } from './event.ts';
import { GroupCommit } from './group-commit.ts';
import { Health } from './health.ts';
import { type Durability, Journal } from './journal.ts';
import { Lane } from './lane.ts';
import { appendTurnLimits, DEFAULT_LIMITS, type EmbeddedLimits, readTurnLimits } from './limits.ts';
import { noCipher } from './no-cipher.ts';
import { Pins } from './pins.ts';
import { type Recovered, recover } from './recovery.ts';
import { SegmentFiles } from './segment-files.ts';
import { SegmentReader } from './segment-reader.ts';
import { SegmentWriter } from './segment-writer.ts';
import { Snapshots } from './snapshots.ts';
import { Space } from './space.ts';
import { Turns } from './turns.ts';
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

/**
 * Opens the store, or makes one. Rejects with a `LogError`: `corrupt` when acknowledged data is damaged, `failed`
 * when another release's format is on the disk; nothing is changed then.
 */
export const openEmbeddedLog = async (options: EmbeddedLogOptions): Promise<EmbeddedLog> => {
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

/** Writing goes before copying: what is kept for a copy may be what fills the disk. */
const givingWay =
  (pins: Pins, onEvent: OnEvent): OnEvent =>
  (event) => {
    const isFull = 'error' in event && hasCode(event.error, 'full');
    if (isFull || event.kind === 'journal-full') pins.giveUp('the disk is full');
    onEvent(event);
  };

const assemble = async (settings: Settings, recovered: Recovered): Promise<EmbeddedLog> => {
  const { disk, clock, cipher, limits } = settings;
  const { table, journalFiles, isNew } = recovered;
  const lane = new Lane();
  const pins = new Pins(lane);
  const onEvent = givingWay(pins, settings.onEvent);
  const { next, sizes } = journalFiles;
  const journal = await Journal.start(
    { disk, clock, durability: settings.durability, ...limits },
    next,
    sizes,
  );
  const health = new Health(onEvent, (error) => {
    for (const { waiters } of table.all) waiters.reject(error);
  });
  const files = new SegmentFiles(disk, limits.openFilesMax);
  const writer = new SegmentWriter(files, table.memory.frameMemory, { disk, limits, onEvent });
  const writeBehind = new WriteBehind({
    disk,
    clock,
    table,
    journal,
    writer,
    lane,
    pins,
    health,
    limits,
    onEvent,
  });
  if (isNew) await writeBehind.requireRound();
  const commit = new GroupCommit({ journal, writeBehind, health, clock, limits, onEvent });
  const batches = new BatchReader(cipher);
  const reader = new SegmentReader(files, batches, new Turns(clock, readTurnLimits(limits)), {
    disk,
    limits,
    onEvent,
  });
  const appendTurns = new Turns(clock, appendTurnLimits(limits));
  const space = new Space({ disk, table, files, lane, pins, onEvent });
  const snapshots = new Snapshots({ disk, table, journal, writeBehind, lane, pins });
  const release = async (): Promise<void> => {
    pins.giveUp('the store is being closed');
    await writeBehind.settle();
    await lane.idle();
    await files.closeAll();
    await journal.close();
  };
  writeBehind.nudge();
  return new EmbeddedLog({
    table,
    commit,
    appendTurns,
    cipher,
    batches,
    reader,
    space,
    snapshots,
    health,
    onEvent,
    release,
  });
};
