import type { Clock, Disk } from '@millrace/core';
import type { LogError } from '@millrace/log';
import { asLogError, isPassing } from './errors.ts';
import type { OnEvent } from './event.ts';
import type { Health } from './health.ts';
import { inParallel } from './in-parallel.ts';
import type { Journal } from './journal.ts';
import type { Lane } from './lane.ts';
import type { EmbeddedLimits } from './limits.ts';
import type { LogState } from './log-state.ts';
import type { LogTable } from './log-table.ts';
import { type Manifest, type ManifestLog, writeManifest } from './manifest.ts';
import { JOURNAL } from './paths.ts';
import type { Pins } from './pins.ts';
import type { SegmentWriter, Written } from './segment-writer.ts';

interface WriteBehindDeps {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly table: LogTable;
  readonly journal: Journal;
  readonly writer: SegmentWriter;
  readonly lane: Lane;
  readonly pins: Pins;
  readonly health: Health;
  readonly limits: EmbeddedLimits;
  readonly onEvent: OnEvent;
}

const manifestLogOf = (log: LogState): ManifestLog => ({
  id: log.id,
  number: log.number,
  start: log.start,
  end: log.writtenEnd,
  lastArrivalMs: log.lastArrivalMs,
  segments: log.segments.all.map(({ base }) => base),
  lastBytes: log.segments.last?.bytes ?? 0,
});

/**
 * Moves what only the journal holds into segments, in rounds: write and sync the segments; then the manifest,
 * which makes the round count; then remove the journal files that are not needed any more. A crash at any moment
 * leaves the manifest of the round before, and the journal from there on.
 */
export class WriteBehind {
  readonly #deps: WriteBehindDeps;
  #round: Promise<LogError | undefined> | undefined;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #isPostponed = false;
  /** The next time that memory is freed. */
  #progress: PromiseWithResolvers<undefined> | undefined;

  constructor(deps: WriteBehindDeps) {
    this.#deps = deps;
  }

  /** Starts a round if enough has come together. Never waits. */
  nudge(): void {
    const { table, journal, limits, clock, health, pins } = this.#deps;
    // While somebody copies the journal, a round would not make it smaller.
    const isLong = !pins.holdsJournal && journal.totalBytes >= limits.journalBytesMax;
    const isDue = isLong || table.memory.dirtyBytes >= this.#dueBytes;
    if (!isDue) this.#noteInTime();
    if (isDue && health.failure === undefined && clock.monotonic() >= this.#restUntilMs) void this.round();
  }

  /** Of what no segment holds. */
  get #isMemoryFull(): boolean {
    return this.#deps.table.memory.dirtyBytes >= this.#deps.limits.dirtyBytesMax;
  }

  /**
   * Waits while memory is full of what no segment holds; throws when nothing can be done about it. Appends wait
   * here rather than being refused, so that a burst is slowed down and only a flood is turned away.
   */
  async makeRoom(): Promise<void> {
    while (this.#isMemoryFull) {
      this.#progress ??= Promise.withResolvers();
      const error = await Promise.race([this.round(), this.#progress.promise]);
      if (error !== undefined) throw error;
    }
  }

  /** A round that must succeed. */
  async requireRound(): Promise<void> {
    const error = await this.round();
    if (error !== undefined) throw error;
  }

  /** Joins the round under way or starts one. Resolves with what went wrong, if anything did. */
  round(): Promise<LogError | undefined> {
    this.#round ??= this.#attempt(() => this.#writeRound()).finally(() => {
      this.#round = undefined;
    });
    return this.#round;
  }

  /**
   * Moves everything and leaves an empty journal, so that the next start is quick. On trouble the journal stays as
   * it is. Nothing may be appended meanwhile.
   */
  async settle(): Promise<void> {
    const { table, journal, health } = this.#deps;
    await this.#round;
    while (table.memory.dirtyLogs.size > 0) {
      if ((await this.round()) !== undefined) return;
    }
    if (health.failure !== undefined || journal.isEmpty) return;
    const error = journal.isCurrentEmpty ? undefined : await this.#attempt(() => journal.rotate());
    if (error === undefined) await this.round();
  }

  /** Trouble that does not pass fails the store. */
  #attempt(work: () => Promise<void>): Promise<LogError | undefined> {
    const { clock, limits, health, lane, onEvent } = this.#deps;
    return lane.run(async () => {
      if (health.failure !== undefined) return health.failure;
      try {
        await work();
        this.#noteInTime();
        return undefined;
      } catch (cause) {
        const error = asLogError(cause, 'write-behind');
        if (!isPassing(error)) return health.fail(error);
        this.#restUntilMs = clock.monotonic() + limits.writeBehindRestMs;
        this.#isPostponed = true;
        await this.#deps.journal.removeSpares();
        onEvent({ kind: 'write-behind-postponed', error });
        return error;
      }
    });
  }

  #noteInTime(): void {
    if (this.#isPostponed) this.#deps.onEvent({ kind: 'write-behind-resumed' });
    this.#isPostponed = false;
  }

  async #writeRound(): Promise<void> {
    const { disk, table, writer, limits } = this.#deps;
    const logs = [...table.memory.dirtyLogs];
    await writer.makeDirectories(logs);
    await inParallel(logs, limits.writeBehindFilesMax, async (log) => this.#adopt(await writer.write(log)));
    await writer.syncNames();
    const manifest = this.#manifest();
    // Whether a manifest that failed is on disk is not known: then the earlier name counts, which is safe for both.
    for (const log of table.all) log.namedBase ??= log.segments.last?.base;
    await writeManifest(disk, manifest);
    for (const { number, segments } of manifest.logs) this.#name(number, segments.at(-1));
    await this.#removeJournal(this.#deps.pins.journalFloor(manifest.journal));
  }

  /** Before the manifest knows, which is safe: the journal has it until then. */
  #adopt(written: Written): void {
    written.adopt();
    this.#deps.table.memory.markWritten(written.log, written.end);
    this.#progress?.resolve(undefined);
    this.#progress = undefined;
  }

  /** Each log costs the same syncs, however little it writes. */
  get #dueBytes(): number {
    const { table, limits } = this.#deps;
    const times = Math.max(1, table.memory.dirtyLogs.size / limits.writeBehindLogs);
    return Math.min(limits.writeBehindBytes * times, limits.dirtyBytesMax / 2);
  }

  /** Files that stay are in nobody's way; the next round tries again. */
  async #removeJournal(before: number): Promise<void> {
    const { journal, clock, limits, onEvent } = this.#deps;
    try {
      await journal.removeBefore(before);
    } catch (error) {
      this.#restUntilMs = clock.monotonic() + limits.writeBehindRestMs;
      onEvent({ kind: 'space-not-freed', path: JOURNAL, error: asLogError(error, JOURNAL) });
    }
  }

  #name(number: number, base: number | undefined): void {
    const log = this.#deps.table.byNumber(number);
    if (log !== undefined) log.namedBase = base;
  }

  #manifest(): Manifest {
    const { table, journal } = this.#deps;
    return {
      journal: table.memory.oldestJournalFile(journal.currentNumber),
      nextLogNumber: table.nextNumber,
      logs: [...table.all].map(manifestLogOf),
    };
  }
}
