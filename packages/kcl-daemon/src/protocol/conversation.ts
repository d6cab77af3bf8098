import { type Clock, REQUEST_TIMEOUT, timed } from '@millrace/client-common';
import type { Checkpointer } from '@millrace/consumer';
import { type Child, exitText } from '../child/child.ts';
import { DaemonError } from '../errors.ts';
import { checkpointAsWished } from './checkpointing.ts';
import { linesOf } from './lines.ts';
import {
  type CheckpointWish,
  checkpointAnswer,
  lineOf,
  messageFrom,
  type Request,
  type Status,
} from './messages.ts';

export interface ConversationParts {
  readonly child: Child;
  readonly clock: Clock;
  /** For each message that is waited for; undefined for ever. */
  readonly timeoutMs: number | undefined;
  readonly shardId: string;
  /** A line on standard output that is no message. */
  readonly heard: (line: string) => void;
}

/** Requests to one child, one after another. Rejects with a `DaemonError` when the child fails. */
export class Conversation {
  readonly #parts: ConversationParts;
  /** Taken from the pipe only when one is waited for, so that a child that prints much has to wait. */
  readonly #lines: AsyncGenerator<string>;

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    this.#lines = linesOf(parts.child.output);
  }

  /** Until the child has answered it. Meanwhile it may checkpoint, if there is a checkpointer. */
  async ask(request: Request, checkpointer?: Checkpointer): Promise<void> {
    // A child may answer before it has read everything, and has to be listened to then.
    const written = this.#parts.child.write(lineOf(request));
    written.catch(() => {});
    const { responseFor } = await this.#status(request, checkpointer);
    if (responseFor !== request.action) {
      throw this.#failure(`answered ${responseFor} where ${request.action} was asked`);
    }
    await written.catch((cause: unknown) => {
      throw this.#failure(`does not read ${request.action}`, cause);
    });
  }

  /** What the child prints at its end. */
  async drain(): Promise<void> {
    for await (const line of this.#lines) this.#parts.heard(line);
  }

  async #status(request: Request, checkpointer: Checkpointer | undefined): Promise<Status> {
    for (;;) {
      const message = await this.#next(request);
      if (message.action === 'status') return message;
      const failure = await checkpointAsWished(message, checkpointer);
      await this.#parts.child.write(lineOf(checkpointAnswer(message, failure))).catch((cause: unknown) => {
        throw this.#failure('does not read the answer to its checkpoint', cause);
      });
    }
  }

  async #next(request: Request): Promise<CheckpointWish | Status> {
    const { clock, timeoutMs } = this.#parts;
    if (timeoutMs === undefined) return this.#message(request);
    try {
      return await timed(clock, timeoutMs, () => this.#message(request));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== REQUEST_TIMEOUT) throw error;
      throw this.#failure(`did not answer ${request.action} within ${timeoutMs} ms`);
    }
  }

  async #message({ action }: Request): Promise<CheckpointWish | Status> {
    for (;;) {
      const { value: line, done } = await this.#lines.next();
      if (done) throw await this.#ended(action);
      const message = messageFrom(line);
      if (message !== undefined) return message;
      this.#parts.heard(line);
    }
  }

  /** Its output is over, so it has ended, or will never say anything again. */
  async #ended(action: string): Promise<DaemonError> {
    const { child } = this.#parts;
    child.kill();
    try {
      return this.#failure(`${exitText(await child.exited)} and did not answer ${action}`);
    } catch (cause) {
      return this.#failure(`could not be started: ${cause instanceof Error ? cause.message : cause}`, cause);
    }
  }

  #failure(what: string, cause?: unknown): DaemonError {
    return new DaemonError('ChildFailed', `the child of ${this.#parts.shardId} ${what}`, { cause });
  }
}
