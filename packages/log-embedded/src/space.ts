import type { Disk } from '@millrace/core';
import type { LogId } from '@millrace/log';
import { asLogError, hasCode } from './errors.ts';
import type { OnEvent } from './event.ts';
import type { Lane } from './lane.ts';
import type { LogState } from './log-state.ts';
import type { LogTable } from './log-table.ts';
import { LOGS, logDirectory } from './paths.ts';
import type { Pins } from './pins.ts';
import type { Segment } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';

interface SpaceDeps {
  readonly disk: Disk;
  readonly table: LogTable;
  readonly files: SegmentFiles;
  readonly lane: Lane;
  readonly pins: Pins;
  readonly onEvent: OnEvent;
}

/**
 * Gives back what segments took. What cannot be removed is only reported: nothing refers to it any more, and the
 * next start tries again.
 */
export class Space {
  readonly #deps: SpaceDeps;
  /** Directories of deleted logs that somebody still copies. */
  readonly #leaving = new Map<LogId, Promise<void>>();

  constructor(deps: SpaceDeps) {
    this.#deps = deps;
  }

  /**
   * Submits a trim or delete, on a full disk once more after freeing what it is about to free: the journal needs
   * a little space even to say that there will be more. Until it is acknowledged, a crash may leave the log with
   * its first segments gone.
   */
  async evenWhenFull(log: LogState, before: number, submit: () => Promise<void>): Promise<void> {
    try {
      return await submit();
    } catch (error) {
      if (!hasCode(error, 'full')) throw error;
    }
    await this.#deps.lane.run(() => this.#freeEarly(log, before));
    return submit();
  }

  /** Removes the segments that lie wholly before the log's start. */
  freeTrimmed(log: LogState): Promise<void> {
    return this.#deps.lane.run(async () => {
      const segments = log.segments.takeBefore(log.start);
      if (segments.length === 0) return;
      await this.#deps.pins.whenFree(async () => {
        for (const segment of segments) await this.#attempt(segment.path, () => this.#remove(segment));
      });
    });
  }

  /** Removes all that is left of a log. */
  freeDeleted(log: LogState): Promise<void> {
    return this.#deps.lane.run(async () => {
      for (const segment of log.segments.takeBefore(Number.POSITIVE_INFINITY)) {
        await this.#deps.files.forget(segment);
      }
      const gone = Promise.withResolvers<void>();
      this.#leaving.set(log.id, gone.promise);
      await this.#deps.pins.whenFree(async () => {
        await this.#removeDirectory(logDirectory(log.id));
        this.#leaving.delete(log.id);
        gone.resolve();
      });
    });
  }

  /** Resolves when nothing is left of a deleted log of this id. */
  async freed(id: LogId): Promise<void> {
    await this.#leaving.get(id);
  }

  /**
   * The journal does not know of it yet, so what a crash leaves must fit the manifest: up to the segment that it
   * names as the last, from the front, each one for good before the next.
   */
  async #freeEarly(log: LogState, before: number): Promise<void> {
    const limit = Math.min(before, log.namedBase ?? before);
    for (const segment of log.segments.all.filter(({ end }) => end <= limit)) {
      this.#deps.table.hide(log, segment.end);
      const isGone = await this.#attempt(segment.path, async () => {
        await this.#remove(segment);
        await this.#deps.disk.syncDirectory(logDirectory(log.id));
      });
      // It stays the first to go: nothing behind it may go before it.
      if (!isGone) return;
      log.segments.takeBefore(segment.end);
    }
  }

  async #removeDirectory(directory: string): Promise<void> {
    await this.#attempt(directory, async () => {
      await this.#deps.disk.remove(directory);
      // Synced before a log of the same name can be made: its files must not meet these.
      await this.#deps.disk.syncDirectory(LOGS);
    });
  }

  async #remove(segment: Segment): Promise<void> {
    await this.#deps.files.forget(segment);
    await this.#deps.disk.remove(segment.path);
    await this.#deps.disk.remove(segment.indexPath);
  }

  async #attempt(path: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#deps.onEvent({ kind: 'space-not-freed', path, error: asLogError(error, path) });
      return false;
    }
  }
}
