import { LogError } from '@millrace/log';
import type { OnEvent } from './event.ts';

/** Whether the store may still be written to. Once failed it stays so: only a restart can tell what is there. */
export class Health {
  readonly #onEvent: OnEvent;
  readonly #onFailed: (error: LogError) => void;
  #failure: LogError | undefined;

  constructor(onEvent: OnEvent, onFailed: (error: LogError) => void) {
    this.#onEvent = onEvent;
    this.#onFailed = onFailed;
  }

  get failure(): LogError | undefined {
    return this.#failure;
  }

  /** Returns the error to reject with. Only the first cause counts. */
  fail(cause: LogError): LogError {
    if (this.#failure !== undefined) return this.#failure;
    this.#failure = new LogError('failed', `the store has failed: ${cause.message}`, { cause });
    this.#onEvent({ kind: 'failed', error: this.#failure });
    this.#onFailed(this.#failure);
    return this.#failure;
  }
}
