import { type Catalog, closingShardsOf, findShard, type StreamId } from '@millrace/catalog';
import type { Clock, Timer } from '@millrace/core';
import { LogError, type LogId } from '@millrace/log';

/** How long a write waits for the children of a shard that closes; usually it is some milliseconds. */
const WAIT_MS_MAX = 5_000;
/** Writes that wait at a time. Their bytes are within the port's bound on calls under way. */
const WAITING_MAX = 10_000;
/** How long closing waits for the appends under way. */
const DRAIN_MS_MAX = 30_000;
/** Times that one write is sent on: a shard that is scaled is split and merged no more often than this. */
const REROUTES_MAX = 64;

const ENDING = 'The program is ending.';

const tryAgain = (why: string): LogError => new LogError('overloaded', why);

/** All writes that wait for the same closing to be over. */
interface Wave extends PromiseWithResolvers<void> {
  readonly timer: Timer;
  count: number;
}

/**
 * Where writers pass on their way to a shard. A shard that is closing lets nobody in; once those inside have
 * left, its log has an end that will never move. docs/decisions/0005-closing-a-shard.md says why that is right.
 */
export class WriteGate {
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #inside = new Map<LogId, number>();
  readonly #drains = new Set<{ readonly logs: readonly LogId[]; readonly resolve: () => void }>();
  readonly #waves = new Map<StreamId, Wave>();
  #waitingCount = 0;
  #isClosed = false;
  readonly #unsubscribe: () => void;

  constructor({ catalog, clock }: { readonly catalog: Catalog; readonly clock: Clock }) {
    this.#catalog = catalog;
    this.#clock = clock;
    this.#unsubscribe = catalog.onApplied(({ command }) => {
      if (command.type === 'streams.close-shards.v1') this.#endWave(command.id);
    });
  }

  /** Those who wait are told to try again, and so are those who come after. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    for (const id of [...this.#waves.keys()]) this.#endWave(id, tryAgain(ENDING));
  }

  /**
   * Lets a writer in, who is to leave again. False when the shard takes no more records: then the caller routes
   * anew after `reopened`. Looks at the state of this moment, however old the caller's is.
   */
  enter(streamId: StreamId, shardIndex: number, log: LogId): boolean {
    const stream = this.#catalog.state.streams.get(streamId);
    const shard = stream && findShard(stream, shardIndex);
    const takesNone = shard === undefined || shard.closed !== undefined;
    if (stream === undefined || takesNone || closingShardsOf(stream).has(shardIndex)) return false;
    this.#inside.set(log, (this.#inside.get(log) ?? 0) + 1);
    return true;
  }

  leave(log: LogId): void {
    const left = (this.#inside.get(log) ?? 0) - 1;
    if (left > 0) {
      this.#inside.set(log, left);
      return;
    }
    this.#inside.delete(log);
    if (this.#drains.size > 0) this.#checkDrains();
  }

  /** One write between entering and leaving: started at once, or refused with undefined. */
  write<Result>(
    streamId: StreamId,
    shardIndex: number,
    log: LogId,
    task: () => Promise<Result>,
  ): Promise<Result> | undefined {
    if (!this.enter(streamId, shardIndex, log)) return undefined;
    return task().finally(() => this.leave(log));
  }

  /** Resolves as soon as routing anew may help. Rejects with `overloaded` for a writer that should not wait longer. */
  async reopened(streamId: StreamId, reroutes: number): Promise<void> {
    const stream = this.#catalog.state.streams.get(streamId);
    if (reroutes >= REROUTES_MAX) throw tryAgain('The record was sent on too often.');
    if (stream === undefined || closingShardsOf(stream).size === 0) return;
    if (this.#isClosed) throw tryAgain(ENDING);
    if (this.#waitingCount >= WAITING_MAX) throw tryAgain(`${WAITING_MAX} writes are waiting already.`);
    const wave = this.#waveOf(streamId);
    wave.count += 1;
    this.#waitingCount += 1;
    await wave.promise;
  }

  /** Resolves once no write is inside these logs. Only for shards that let nobody in. */
  async drained(logs: readonly LogId[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const drain = { logs, resolve };
    const timer = this.#clock.after(DRAIN_MS_MAX, () =>
      reject(new Error(`appends to closing shards are not over after ${DRAIN_MS_MAX} ms`)),
    );
    this.#drains.add(drain);
    this.#checkDrains();
    await promise.finally(() => {
      timer.cancel();
      this.#drains.delete(drain);
    });
  }

  #checkDrains(): void {
    for (const { logs, resolve } of this.#drains) {
      if (!logs.some((log) => this.#inside.has(log))) resolve();
    }
  }

  #waveOf(id: StreamId): Wave {
    const known = this.#waves.get(id);
    if (known !== undefined) return known;
    const timer = this.#clock.after(WAIT_MS_MAX, () =>
      this.#endWave(id, tryAgain(`The shard has not closed within ${WAIT_MS_MAX} ms.`)),
    );
    const wave = { ...Promise.withResolvers<void>(), timer, count: 0 };
    this.#waves.set(id, wave);
    return wave;
  }

  #endWave(id: StreamId, error?: LogError): void {
    const wave = this.#waves.get(id);
    if (wave === undefined) return;
    this.#waves.delete(id);
    wave.timer.cancel();
    this.#waitingCount -= wave.count;
    if (error === undefined) wave.resolve();
    else wave.reject(error);
  }
}
