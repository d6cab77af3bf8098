import type { Clock } from '@millrace/core';
import type { LogError } from '@millrace/log';
import type { Change } from './change.ts';
import { asLogError, closed, isPassing } from './errors.ts';
import type { OnEvent } from './event.ts';
import { Fifo } from './fifo.ts';
import type { Health } from './health.ts';
import type { Journal } from './journal.ts';
import type { EmbeddedLimits } from './limits.ts';
import type { WriteBehind } from './write-behind.ts';

interface GroupCommitDeps {
  readonly journal: Journal;
  readonly writeBehind: WriteBehind;
  readonly health: Health;
  readonly clock: Clock;
  readonly limits: EmbeddedLimits;
  readonly onEvent: OnEvent;
}

/**
 * Changes that arrive while a group is on its way to the disk wait and make up the next group: one write and one
 * sync for all of them, whichever logs they belong to. They take effect in the order in which they came.
 */
export class GroupCommit {
  readonly #deps: GroupCommitDeps;
  readonly #queue = new Fifo<Change>();
  #isFull = false;
  #isClosed = false;
  #running: Promise<void> | undefined;

  constructor(deps: GroupCommitDeps) {
    this.#deps = deps;
  }

  submit(change: Change): void {
    if (this.#isClosed) {
      change.reject(closed());
      return;
    }
    this.#queue.push(change);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is waiting; what is submitted from then on is refused. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    this.#isClosed = true;
  }

  async #run(): Promise<void> {
    // What is appended in the same turn of the event loop belongs to one group.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      await this.#commit(this.#takeGroup());
    }
    this.#running = undefined;
  }

  #takeGroup(): Change[] {
    const { groupChangesMax, groupBytesMax } = this.#deps.limits;
    const group: Change[] = [];
    let bytes = 0;
    for (let next = this.#queue.at(0); next !== undefined; next = this.#queue.at(0)) {
      bytes += next.frame.length;
      if (group.length > 0 && (bytes > groupBytesMax || group.length >= groupChangesMax)) break;
      group.push(next);
      this.#queue.shift();
    }
    return group;
  }

  async #commit(group: readonly Change[]): Promise<void> {
    const { journal, writeBehind, health, clock, onEvent } = this.#deps;
    try {
      if (health.failure !== undefined) throw health.failure;
      await writeBehind.makeRoom();
      const nowMs = clock.now();
      for (const change of group) change.seal(nowMs);
      await journal.write(group.map(({ frame }) => frame));
    } catch (error) {
      this.#reject(group, asLogError(error, 'journal'));
      return;
    }
    for (const change of group) change.apply(journal.currentNumber);
    if (this.#isFull) onEvent({ kind: 'journal-has-room' });
    this.#isFull = false;
    writeBehind.nudge();
  }

  #reject(group: readonly Change[], error: LogError): void {
    const { health, onEvent } = this.#deps;
    const told = isPassing(error) ? error : health.fail(error);
    if (error.code === 'full') {
      this.#isFull = true;
      onEvent({ kind: 'journal-full', rejectedChanges: group.length });
    }
    for (const change of group) change.reject(told);
  }
}
