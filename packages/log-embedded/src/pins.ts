import type { Lane } from './lane.ts';

/** One who needs the files as they are. */
export interface Pin {
  /** Journal files from this one on stay; undefined once they need not. */
  journalFrom: number | undefined;
  readonly givenUp: AbortController;
}

/**
 * Keeps files for those who copy them. While there is a pin no segment file is removed, and no journal file that a
 * pin wants is removed or used again; what was to be removed is removed when the last pin has gone. Nothing else
 * waits for it.
 */
export class Pins {
  readonly #pins = new Set<Pin>();
  readonly #lane: Lane;
  #postponed: (() => Promise<void>)[] = [];

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  add(journalFrom: number): Pin {
    const pin: Pin = { journalFrom, givenUp: new AbortController() };
    this.#pins.add(pin);
    return pin;
  }

  release(pin: Pin): void {
    pin.journalFrom = undefined;
    this.#pins.delete(pin);
    if (this.#pins.size > 0) return;
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const work of postponed) void this.#lane.run(work);
  }

  /** Takes the files back: those who hold them learn why. */
  giveUp(reason: string): void {
    for (const pin of [...this.#pins]) {
      pin.givenUp.abort(new Error(reason));
      this.release(pin);
    }
  }

  /** The journal may be cut before this file, of which the store itself does not need what is before `before`. */
  journalFloor(before: number): number {
    return [...this.#pins].reduce((floor, { journalFrom = floor }) => Math.min(floor, journalFrom), before);
  }

  get holdsJournal(): boolean {
    return this.#pins.values().some(({ journalFrom }) => journalFrom !== undefined);
  }

  /** Runs what removes segment files, now or when the last pin has gone. Called in the lane; `work` does not reject. */
  async whenFree(work: () => Promise<void>): Promise<void> {
    if (this.#pins.size > 0) this.#postponed.push(work);
    else await work();
  }
}
