import { type Clock, timed } from '@millrace/client-common';
import type { TimedTransport } from '../timed-services.ts';
import type { RecordsEvent, SubscribeRequest } from './transport.ts';

/** One subscription to a shard, of which every event comes in time: one that is silent is as good as dead. */
export class Subscription {
  readonly #clock: Clock;
  readonly #eventMs: number;
  readonly #events: AsyncIterator<RecordsEvent>;
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #close = (): void => this.close();

  constructor(
    clock: Clock,
    transport: Pick<TimedTransport, 'subscribe'>,
    request: SubscribeRequest,
    eventMs: number,
    signal: AbortSignal,
  ) {
    this.#clock = clock;
    this.#eventMs = eventMs;
    this.#signal = signal;
    signal.addEventListener('abort', this.#close);
    this.#events = transport.subscribe(request, this.#closing.signal)[Symbol.asyncIterator]();
  }

  /** Undefined when the service has ended it. */
  async next(): Promise<RecordsEvent | undefined> {
    const { value, done } = await timed(this.#clock, this.#eventMs, () => this.#events.next());
    return done === true ? undefined : value;
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#close);
    this.#closing.abort();
  }
}
