import type { LogError } from '@millrace/log';

interface Waiter {
  readonly position: number;
  readonly resolve: () => void;
  readonly reject: (error: LogError) => void;
}

/** Readers at the end of one log that want to know when it moves. Each brings its own deadline: the signal. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();

  wait(position: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { position, resolve, reject };
    const abort = (): void => resolve();
    this.#waiting.add(waiter);
    signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => {
      this.#waiting.delete(waiter);
      signal.removeEventListener('abort', abort);
    });
  }

  /** Wakes those whose position lies before the end. */
  wake(end: number): void {
    for (const waiter of this.#waiting) if (waiter.position < end) waiter.resolve();
  }

  reject(error: LogError): void {
    for (const waiter of this.#waiting) waiter.reject(error);
  }
}
