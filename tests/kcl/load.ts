import { setTimeout as pause } from 'node:timers/promises';
import type { WrittenStream } from './written-stream.ts';

const KEYS = 24;
const PAUSE_MS = 100;
/** Enough for a worker to have a throughput that its leader can see. */
const FILLING = '.'.repeat(500);

/** Writes one record of each key, in rounds, until it is stopped: `key 7` gets `7:0`, `7:1`, and so on. */
export class Load {
  readonly #stream: WrittenStream;
  readonly #running: Promise<void>;
  #isStopped = false;

  constructor(stream: WrittenStream) {
    this.#stream = stream;
    this.#running = this.#run();
    // It is awaited when it is stopped.
    this.#running.catch(() => {});
  }

  async #run(): Promise<void> {
    for (let round = 0; !this.#isStopped; round++) {
      const keys = Array.from({ length: KEYS }, (_, key) => key);
      await this.#stream.putAll(
        keys.map((key) => ({ key: `key ${key}`, data: `${key}:${round}:${FILLING}` })),
      );
      await pause(PAUSE_MS);
    }
  }

  /** Resolves when all that was begun is acknowledged; throws what went wrong meanwhile. */
  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#running;
  }
}
