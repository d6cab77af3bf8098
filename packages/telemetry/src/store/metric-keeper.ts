import type { Clock, Timer } from '@millrace/core';
import type { LogEngine } from '@millrace/log';
import { readMetrics, writeMetrics } from './metric-log.ts';
import type { MetricStore } from './metric-store.ts';
import type { Recorder } from './recorder.ts';

/** What a crash costs at the most; an orderly end costs nothing. */
const WRITE_EVERY_MS = 5 * 60_000;

export interface TelemetryEvent {
  readonly type: 'metrics-not-read' | 'metrics-not-written';
  readonly error: unknown;
}

export interface KeeperOptions {
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly store: MetricStore;
  readonly recorder: Recorder;
  readonly onEvent: (event: TelemetryEvent) => void;
}

/** Writes the store down now and then, so that a restart finds it. A failure is told and costs nobody a call. */
export class MetricKeeper {
  readonly #options: KeeperOptions;
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** A server whose metrics cannot be read starts without them. */
  async start(): Promise<void> {
    const { engine, store, onEvent } = this.#options;
    await readMetrics(engine, store).catch((error: unknown) => onEvent({ type: 'metrics-not-read', error }));
    this.#schedule();
  }

  /** The last copy is written before this resolves. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#writing;
    await this.#write();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.after(WRITE_EVERY_MS, () => {
      this.#writing = this.#write().finally(() => this.#schedule());
    });
  }

  async #write(): Promise<void> {
    const { engine, store, recorder, onEvent } = this.#options;
    recorder.flush();
    await writeMetrics(engine, store).catch((error: unknown) =>
      onEvent({ type: 'metrics-not-written', error }),
    );
  }
}
