import type { Clock, Timer } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { Checkpoint } from '../leases/checkpoint.ts';
import { type Checkpointer, unlessLost } from './checkpointer.ts';

/** Writes down what is done from time to time, and the last of it though nothing more comes. */
export class AutoCheckpoint {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #report: Report;
  #checkpointer: Checkpointer | undefined;
  #done: Checkpoint | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, everyMs: number, report: Report) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#report = report;
  }

  /** All up to there is done. */
  done(place: Checkpoint, checkpointer: Checkpointer): void {
    this.#done = place;
    this.#checkpointer = checkpointer;
    this.#timer ??= this.#clock.after(this.#everyMs, () => void this.#saveInBackground());
  }

  /** Now. A lost lease is no error: the work is done again elsewhere. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const done = this.#done;
    this.#done = undefined;
    if (done !== undefined && this.#checkpointer) await unlessLost(this.#checkpointer.checkpoint(done));
  }

  /** Nothing more can be written. */
  cancel(): void {
    this.#done = undefined;
    this.#timer?.cancel();
  }

  async #saveInBackground(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#report({ kind: 'error', during: 'checkpoint', error });
    }
  }
}
