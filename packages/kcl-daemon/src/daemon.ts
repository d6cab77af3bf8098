import type { Clock, Timer } from '@millrace/client-common';
import type { RecordProcessor } from '@millrace/consumer';
import type { Spawn } from './child/child.ts';
import { ChildProcessor } from './child/child-processor.ts';
import { DaemonError } from './errors.ts';
import type { Report } from './event.ts';

/** The part of a `Consumer` that the daemon uses. */
export interface ProcessorRunner {
  runProcessors(makeProcessor: (shardId: string) => RecordProcessor): Promise<void>;
  stop(): Promise<void>;
}

export interface DaemonParts {
  readonly consumer: ProcessorRunner;
  /** The program and its arguments, of which each shard has a process. */
  readonly command: readonly string[];
  /** How long a child may take for an answer; undefined for as long as it likes. */
  readonly timeoutMs: number | undefined;
  /** From `stop` to when children are killed that have not ended. */
  readonly shutdownGraceMs: number;
  readonly spawn: Spawn;
  readonly clock: Clock;
  readonly report: Report;
}

/** A worker of an application whose record processors are programs of their own. It runs once. */
export class Daemon {
  readonly #parts: DaemonParts;
  readonly #processors = new Set<ChildProcessor>();
  #failure: DaemonError | undefined;
  #grace: Timer | undefined;

  constructor(parts: DaemonParts) {
    this.#parts = parts;
  }

  /** Resolves after `stop`; rejects, when all children have ended, with what a child or the consumer failed of. */
  async run(): Promise<void> {
    try {
      await this.#parts.consumer.runProcessors((shardId) => this.#processor(shardId));
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      this.#grace?.cancel();
      for (const processor of this.#processors) processor.kill();
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Every child is asked to shut down, may checkpoint, and its lease is given up. */
  stop(): void {
    const { clock, shutdownGraceMs, consumer } = this.#parts;
    if (this.#grace !== undefined) return;
    this.#grace = clock.after(shutdownGraceMs, () => this.#killAll());
    void consumer.stop();
  }

  #killAll(): void {
    const ms = this.#parts.shutdownGraceMs;
    this.#failure ??= new DaemonError('TooSlow', `children were killed that had not ended within ${ms} ms`);
    for (const processor of this.#processors) processor.kill();
  }

  #processor(shardId: string): ChildProcessor {
    const failed = (error: DaemonError): void => {
      this.#failure ??= error;
      this.stop();
    };
    const report: Report = (event) => {
      if (event.kind === 'childEnded') this.#processors.delete(processor);
      this.#parts.report(event);
    };
    const processor = new ChildProcessor({ ...this.#parts, shardId, report, failed });
    this.#processors.add(processor);
    return processor;
  }
}
