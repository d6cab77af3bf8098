import type { Disk } from '@millrace/core';
import { asLogError, hasCode } from './errors.ts';
import type { OnEvent } from './event.ts';
import type { Lane } from './lane.ts';
import type { LogState } from './log-state.ts';
import type { LogTable } from './log-table.ts';
import { LOGS, logDirectory } from './paths.ts';
import type { Segment } from './segment.ts';
import type { SegmentFiles } from './segment-files.ts';

interface SpaceDeps {
  readonly disk: Disk;
  readonly table: LogTable;
  readonly files: SegmentFiles;
  readonly lane: Lane;
  readonly onEvent: OnEvent;
}

/**
 * Gives back what segments took. What cannot be removed is only reported: nothing refers to it any more, and the
 * next start tries again.
 */
export class Space {
  readonly #deps: SpaceDeps;

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
    return this.#deps.lane.run(() => this.#remove(log.segments.takeBefore(log.start)));
  }

  /** Removes all that is left of a log. */
  freeDeleted(log: LogState): Promise<void> {
    return this.#deps.lane.run(async () => {
      for (const segment of log.segments.takeBefore(Number.POSITIVE_INFINITY)) {
        await this.#deps.files.forget(segment);
      }
      await this.#attempt(logDirectory(log.id), async (path) => {
        await this.#deps.disk.remove(path);
        // Synced before a log of the same name can be made: its files must not meet these.
        await this.#deps.disk.syncDirectory(LOGS);
      });
    });
  }

  /** All but the last segment, which the manifest counts on. */
  async #freeEarly(log: LogState, before: number): Promise<void> {
    const segments = log.segments.takeBefore(Math.min(before, log.segments.last?.base ?? 0));
    const last = segments.at(-1);
    if (last !== undefined) this.#deps.table.trim(log, last.end);
    await this.#remove(segments);
  }

  async #remove(segments: readonly Segment[]): Promise<void> {
    for (const segment of segments) {
      await this.#attempt(segment.path, async (path) => {
        await this.#deps.files.forget(segment);
        await this.#deps.disk.remove(path);
        await this.#deps.disk.remove(segment.indexPath);
      });
    }
  }

  async #attempt(path: string, work: (path: string) => Promise<void>): Promise<void> {
    try {
      await work(path);
    } catch (error) {
      this.#deps.onEvent({ kind: 'space-not-freed', path, error: asLogError(error, path) });
    }
  }
}
