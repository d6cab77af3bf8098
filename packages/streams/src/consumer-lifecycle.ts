import {
  type Catalog,
  CatalogError,
  type ConsumerStatus,
  type Stream,
  type StreamId,
} from '@millrace/catalog';
import type { Clock } from '@millrace/core';
import type { StreamsEvent } from './event.ts';

const RETRY_AFTER_MS = 1_000;

/** What brings a consumer on from each state. */
const STEPS = {
  CREATING: 'streams.activate-consumer.v1',
  ACTIVE: undefined,
  DELETING: 'streams.forget-consumer.v1',
} as const satisfies Record<ConsumerStatus, string | undefined>;

export interface ConsumerLifecycleOptions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly onEvent: (event: StreamsEvent) => void;
}

/**
 * Brings consumers on: CREATING → ACTIVE and DELETING → forgotten. Several processes may do it: the catalog
 * refuses what has been done. Consumers of a stream that is being deleted go with it.
 */
export class ConsumerLifecycle {
  readonly #options: ConsumerLifecycleOptions;
  /** By ARN. */
  readonly #working = new Map<string, Promise<void>>();
  #unsubscribe = (): void => {};
  #isClosed = false;

  constructor(options: ConsumerLifecycleOptions) {
    this.#options = options;
  }

  /** Also takes up what was under way. */
  start(): void {
    const { catalog } = this.#options;
    this.#unsubscribe = catalog.onApplied(({ command }) => {
      if (
        command.type === 'streams.register-consumer.v1' ||
        command.type === 'streams.mark-consumer-deleting.v1'
      ) {
        this.#settle(command.id);
      }
    });
    for (const { id } of catalog.state.streams.all()) this.#settle(id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    await Promise.all(this.#working.values());
  }

  #settle(id: StreamId): void {
    const stream = this.#options.catalog.state.streams.get(id);
    if (this.#isClosed || stream === undefined || stream.status === 'DELETING') return;
    for (const { arn, status } of stream.consumers) {
      const type = STEPS[status];
      if (type !== undefined && !this.#working.has(arn)) this.#step(stream, arn, type);
    }
  }

  #step({ id }: Stream, arn: string, type: NonNullable<(typeof STEPS)[ConsumerStatus]>): void {
    const work = this.#options.catalog
      .submit({ type, id, arn })
      .then(
        () => true,
        (error: unknown) => this.#failed(id, error),
      )
      .then((isDone) => {
        this.#working.delete(arn);
        // It may have been deregistered meanwhile.
        if (isDone) this.#settle(id);
      });
    this.#working.set(arn, work);
  }

  #failed(streamId: StreamId, error: unknown): false {
    const { clock, onEvent } = this.#options;
    if (this.#isClosed || (error instanceof CatalogError && error.code === 'closed')) return false;
    onEvent({ type: 'life-cycle-failed', streamId, error });
    clock.after(RETRY_AFTER_MS, () => this.#settle(streamId));
    return false;
  }
}
