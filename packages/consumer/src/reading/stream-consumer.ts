import { type Clock, pause } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { TimedTransport } from '../timed-services.ts';
import type { StreamConsumerState } from './transport.ts';

const LOOK_EVERY_MS = 1_000;
/** A new one takes seconds; one that is being removed must go first. */
const ACTIVE_MS_MAX = 30_000;

/** As whom workers subscribe, with `retrieval: 'fanOut'`. */
export interface StreamConsumerOptions {
  /** Registered with the stream if it is not there. The application's name, unless given. */
  readonly consumerName?: string | undefined;
  /** Of one that is there, instead of a name. */
  readonly consumerArn?: string | undefined;
}

export interface StreamConsumerParts extends StreamConsumerOptions {
  readonly clock: Clock;
  readonly transport: Pick<TimedTransport, 'registerConsumer' | 'describeConsumer'>;
  readonly report: Report;
  /** Nobody waits any more. */
  readonly stop: AbortSignal;
}

/**
 * Under whose name an application's workers subscribe to a stream. It is registered when it is not there, and is
 * never removed: other workers may use it.
 */
export class StreamConsumer {
  readonly #parts: StreamConsumerParts;
  #arn: Promise<string> | undefined;

  constructor(parts: StreamConsumerParts) {
    this.#parts = parts;
  }

  /** Once it is ACTIVE. Rejects with what kept it from being so, and looks again the next time. */
  arn(): Promise<string> {
    if (this.#arn !== undefined) return this.#arn;
    const arn = this.#untilActive();
    this.#arn = arn;
    arn.catch(() => this.#forgetThis(arn));
    return arn;
  }

  /** It may be gone. */
  forget(): void {
    this.#arn = undefined;
  }

  #forgetThis(arn: Promise<string>): void {
    if (this.#arn === arn) this.forget();
  }

  async #untilActive(): Promise<string> {
    const { clock, transport, report, stop } = this.#parts;
    const endMs = clock.monotonic() + ACTIVE_MS_MAX;
    let state = await this.#find();
    for (;;) {
      report({ kind: 'streamConsumer', ...state });
      const { consumerArn, status } = state;
      if (status === 'ACTIVE') return consumerArn;
      if (stop.aborted || clock.monotonic() >= endMs) {
        throw new Error(`${consumerArn} is ${status} and not ACTIVE`);
      }
      await pause(clock, LOOK_EVERY_MS, stop);
      state = status === 'DELETING' ? await this.#find() : await transport.describeConsumer(consumerArn);
    }
  }

  #find(): Promise<StreamConsumerState> {
    const { transport, consumerName = '', consumerArn } = this.#parts;
    return consumerArn === undefined
      ? transport.registerConsumer(consumerName)
      : transport.describeConsumer(consumerArn);
  }
}
