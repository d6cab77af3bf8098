import { type Clock, Statistics } from '@millrace/client-common';
import type { StreamIdentity } from '../shards/stream-id.ts';
import type { MetricName, Operation, OperationOf } from './operations.ts';

export interface MetricShard {
  readonly stream: StreamIdentity;
  readonly shardId: string;
}

/** What was measured of one metric since it was last asked for. */
export interface Measured {
  readonly operation: Operation;
  readonly name: string;
  readonly shard: MetricShard | undefined;
  readonly statistics: Statistics;
}

/** Told of every sample, as it happens. */
export type MetricObserver = (sample: Omit<Measured, 'statistics'>, value: number) => void;

/** What is measured of an operation: for a shard, or for all of them. */
export class MetricScope<Op extends Operation> {
  readonly #operation: Op;
  readonly #shard: MetricShard | undefined;
  readonly #clock: Clock;
  readonly #observer: MetricObserver | undefined;
  #statistics = new Map<string, Statistics>();

  constructor(
    clock: Clock,
    operation: Op,
    shard: MetricShard | undefined,
    observer: MetricObserver | undefined,
  ) {
    this.#clock = clock;
    this.#operation = operation;
    this.#shard = shard;
    this.#observer = observer;
  }

  observe(name: MetricName<Op>, value: number): void {
    const statistics = this.#statistics.get(name) ?? new Statistics();
    statistics.observe(value);
    this.#statistics.set(name, statistics);
    this.#observer?.({ operation: this.#operation, name, shard: this.#shard }, value);
  }

  /** How long the call takes: a sample though it fail. */
  async time<Result>(name: MetricName<Op>, call: () => Promise<Result> | Result): Promise<Result> {
    const sinceMs = this.#clock.monotonic();
    try {
      return await call();
    } finally {
      this.observe(name, this.#clock.monotonic() - sinceMs);
    }
  }

  /** That, and whether it succeeds, under the names that begin so. */
  async attempt<Result>(
    success: MetricName<Op>,
    time: MetricName<Op>,
    call: () => Promise<Result>,
  ): Promise<Result> {
    let isSuccess = 0;
    try {
      const result = await this.time(time, call);
      isSuccess = 1;
      return result;
    } finally {
      this.observe(success, isSuccess);
    }
  }

  take(): Measured[] {
    const taken = this.#statistics;
    this.#statistics = new Map();
    const of = { operation: this.#operation, shard: this.#shard };
    return [...taken].map(([name, statistics]) => ({ ...of, name, statistics }));
  }
}

type Scopes = { [Op in Operation]?: MetricScope<Op> };

/** What a worker does, in the KCL's metrics. */
export class Metrics {
  readonly #clock: Clock;
  readonly #observer: MetricObserver | undefined;
  readonly #scopes: Scopes = {};
  readonly #shards = new Set<MetricScope<OperationOf<'shard'>>>();
  /** Of shards that were left since it was last asked. */
  #left: Measured[] = [];

  constructor(clock: Clock, observer?: MetricObserver) {
    this.#clock = clock;
    this.#observer = observer;
  }

  /** Of the application, or the worker. */
  of<Op extends OperationOf<'application' | 'worker'>>(operation: Op): MetricScope<Op> {
    const scopes = this.#scopes as { [Key in Op]?: MetricScope<Op> };
    scopes[operation] ??= new MetricScope(this.#clock, operation, undefined, this.#observer);
    return scopes[operation];
  }

  /** Of a shard, until it is left. */
  ofShard(shard: MetricShard): MetricScope<OperationOf<'shard'>> {
    const scope = new MetricScope(this.#clock, 'ProcessTask', shard, this.#observer);
    this.#shards.add(scope);
    return scope;
  }

  /** Of what it has measured the rest is told once more, unless there is too much that nobody asks for. */
  leave(scope: MetricScope<OperationOf<'shard'>>): void {
    this.#shards.delete(scope);
    if (this.#left.length < LEFT_MAX) this.#left.push(...scope.take());
  }

  /** Since it was last asked. */
  take(): readonly Measured[] {
    const left = this.#left;
    this.#left = [];
    const scopes = [...Object.values(this.#scopes), ...this.#shards];
    return [...left, ...scopes.flatMap((scope) => scope.take())];
  }
}

/** Ten each for a thousand shards. */
const LEFT_MAX = 10_000;
