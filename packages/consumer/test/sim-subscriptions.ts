import type { Chance, FakeClock } from '@millrace/client-common/testing';
import type { RecordsEvent, SubscribeRequest } from '@millrace/consumer';
import type { FakeStream } from './fake-stream.ts';
import type { SimMachine } from './sim-machine.ts';

const TAKEOVER_AFTER_MS = 5_000;
const IDLE_EVENT_MS = 5_000;
/** At any event; the service ends one after five minutes. */
const END_CHANCE = 0.05;

interface Open {
  readonly openedMs: number;
  readonly displaced: AbortController;
}

const inUse = (): Error =>
  Object.assign(new Error('another subscription'), { name: 'ResourceInUseException' });

/** Subscriptions as the service has them: one for each consumer and shard, until another one takes over. */
export class SimSubscriptions {
  readonly #clock: FakeClock;
  readonly #chance: Chance;
  readonly #stream: FakeStream;
  readonly #open = new Map<string, Open>();

  constructor(clock: FakeClock, chance: Chance, stream: FakeStream) {
    this.#clock = clock;
    this.#chance = chance;
    this.#stream = stream;
  }

  /** From where a machine is: each event is one more journey, and may be lost. */
  async *seenFrom(
    machine: SimMachine,
    request: SubscribeRequest,
    signal: AbortSignal,
  ): AsyncGenerator<RecordsEvent, void, void> {
    const events = this.#subscribe(request, signal);
    for (;;) {
      const { value, done } = await machine.call(() => events.next());
      if (done === true) return;
      yield value;
      if (this.#chance.hits(END_CHANCE)) return;
    }
  }

  async *#subscribe(
    request: SubscribeRequest,
    signal: AbortSignal,
  ): AsyncGenerator<RecordsEvent, void, void> {
    const displaced = this.#takeOver(request);
    const ending = AbortSignal.any([signal, displaced.signal]);
    try {
      yield* this.#stream.subscribe(request, ending, () => this.#idle());
    } catch (error) {
      throw displaced.signal.aborted ? inUse() : error;
    }
  }

  #takeOver({ consumerArn, shardId }: SubscribeRequest): AbortController {
    const key = `${consumerArn}/${shardId}`;
    const last = this.#open.get(key);
    const openedMs = this.#clock.monotonic();
    if (last !== undefined && openedMs - last.openedMs < TAKEOVER_AFTER_MS) throw inUse();
    last?.displaced.abort();
    const displaced = new AbortController();
    this.#open.set(key, { openedMs, displaced });
    return displaced;
  }

  #idle(): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(IDLE_EVENT_MS, resolve));
  }
}
