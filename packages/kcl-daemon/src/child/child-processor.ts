import { type Clock, timed } from '@millrace/client-common';
import type { Beginning, Checkpointer, RecordBatch, RecordProcessor } from '@millrace/consumer';
import { DaemonError } from '../errors.ts';
import type { Report } from '../event.ts';
import { Conversation } from '../protocol/conversation.ts';
import { linesOf } from '../protocol/lines.ts';
import { initializeRequest, processRecordsRequest } from '../protocol/messages.ts';
import { type Child, exitText, type Spawn } from './child.ts';

/** A child that goes on after its input has ended is killed then. */
const END_MS = 10_000;

export interface ChildProcessorParts {
  readonly shardId: string;
  readonly command: readonly string[];
  readonly spawn: Spawn;
  readonly clock: Clock;
  readonly timeoutMs: number | undefined;
  readonly report: Report;
  /** The daemon ends with it, as the Java one does. */
  readonly failed: (error: DaemonError) => void;
}

/**
 * The work on one shard, done by a process of its own: started with `initialize`, and ended when it was told that
 * the lease is lost or the shard has ended. After `shutdownRequested` it is told `leaseLost`, since it will be given
 * up; so does the Java daemon.
 */
export class ChildProcessor implements RecordProcessor {
  readonly #parts: ChildProcessorParts;
  #child: Child | undefined;
  #conversation: Conversation | undefined;
  #isAsking = false;

  constructor(parts: ChildProcessorParts) {
    this.#parts = parts;
  }

  initialize(beginning: Beginning): Promise<void> {
    const { command, clock, timeoutMs, shardId, spawn, report } = this.#parts;
    const child = spawn(command);
    const heard = (line: string): void => report({ kind: 'childOutput', shardId, from: 'stdout', line });
    this.#child = child;
    this.#conversation = new Conversation({ child, clock, timeoutMs, shardId, heard });
    report({ kind: 'childStarted', shardId, childPid: child.pid });
    void this.#drainErrors(child);
    void this.#watch(child);
    return this.#do((conversation) => conversation.ask(initializeRequest(beginning)));
  }

  processRecords({ records, millisBehindLatest, checkpointer }: RecordBatch): Promise<void> {
    const request = processRecordsRequest(records, millisBehindLatest);
    return this.#do((conversation) => conversation.ask(request, checkpointer));
  }

  leaseLost(): Promise<void> {
    return this.#do(async (conversation) => {
      await conversation.ask({ action: 'leaseLost' });
      await this.#end(conversation);
    });
  }

  shardEnded(checkpointer: Checkpointer): Promise<void> {
    return this.#do(async (conversation) => {
      await conversation.ask({ action: 'shardEnded' }, checkpointer);
      await this.#end(conversation);
    });
  }

  shutdownRequested(checkpointer: Checkpointer): Promise<void> {
    return this.#do(async (conversation) => {
      await conversation.ask({ action: 'shutdownRequested' }, checkpointer);
      // It has had its last say: one that ends by itself now does no harm.
      this.#conversation = undefined;
      await conversation.ask({ action: 'leaseLost' }).catch(() => {});
      await this.#end(conversation);
    });
  }

  /** At once; whatever is under way with it fails. */
  kill(): void {
    this.#child?.kill();
  }

  /** Nothing, when the child is gone. A child that fails is not asked again. */
  async #do(work: (conversation: Conversation) => Promise<void>): Promise<void> {
    if (this.#conversation === undefined) return;
    this.#isAsking = true;
    try {
      await work(this.#conversation);
    } catch (error) {
      this.kill();
      this.#fail(error);
      throw error;
    } finally {
      this.#isAsking = false;
    }
  }

  #fail(error: unknown): void {
    this.#conversation = undefined;
    const message = error instanceof Error ? error.message : String(error);
    this.#parts.failed(
      error instanceof DaemonError ? error : new DaemonError('ChildFailed', message, { cause: error }),
    );
  }

  async #end(conversation: Conversation): Promise<void> {
    const child = this.#child;
    this.#conversation = undefined;
    if (child === undefined) return;
    child.closeInput();
    const ended = (): Promise<unknown> => Promise.all([conversation.drain(), child.exited]);
    await timed(this.#parts.clock, END_MS, ended).catch(() => child.kill());
    await child.exited;
  }

  async #drainErrors({ errorOutput }: Child): Promise<void> {
    const { shardId, report } = this.#parts;
    for await (const line of linesOf(errorOutput)) {
      report({ kind: 'childOutput', shardId, from: 'stderr', line });
    }
  }

  /** One that dies between two batches is found out at once, not with the next record. */
  async #watch(child: Child): Promise<void> {
    const { shardId, report } = this.#parts;
    try {
      const exit = await child.exited;
      this.#child = undefined;
      report({ kind: 'childEnded', shardId, ...exit });
      if (this.#conversation === undefined) return;
      // What it has started may hold its output open, and would be waited for.
      child.kill();
      if (!this.#isAsking) {
        this.#fail(new DaemonError('ChildFailed', `the child of ${shardId} ${exitText(exit)}`));
      }
    } catch {
      // It never began, which whoever speaks with it learns too.
    }
  }
}
