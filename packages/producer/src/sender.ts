import { type Clock, timed } from '@millrace/client-common';
import { ATTEMPT_CODES } from './errors.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import { Queue } from './queue.ts';
import type { Settings } from './settings.ts';
import type { EntryAnswer, Sent, Transport } from './transport.ts';

export interface SenderParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly transport: Pick<Transport, 'putRecords'>;
  readonly answered: (outgoing: OutgoingRecord, answer: EntryAnswer, sent: Sent) => void;
  /** The whole request failed, or its answer says nothing. */
  readonly failed: (outgoing: OutgoingRecord, code: string, message: string, sent: Sent) => void;
  /** A part of it expired while it waited for a connection. */
  readonly expired: (outgoing: OutgoingRecord) => void;
  readonly requestDone: (request: readonly OutgoingRecord[], sent: Sent) => void;
  readonly connectionFree: () => void;
}

/** The service's errors have a name; the system's are all called `Error` and have a code. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'Error';
  const isSystem = ['Error', 'AggregateError'].includes(error.name) && 'code' in error;
  return isSystem ? String(error.code) : error.name;
};

/** Sends requests, so many at a time. The line of full requests is bounded by the producer's buffer. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #line = new Queue<readonly OutgoingRecord[]>();
  #underWay = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  canSend(): boolean {
    return this.#underWay < this.#parts.settings.connectionsMax;
  }

  put(request: readonly OutgoingRecord[]): void {
    if (this.canSend()) void this.#sendFrom(request);
    else this.#line.push(request);
  }

  /** One connection's work: this request, then what stands in the line. */
  async #sendFrom(first: readonly OutgoingRecord[]): Promise<void> {
    this.#underWay++;
    for (
      let gathered: typeof first | undefined = first;
      gathered !== undefined;
      gathered = this.#line.shift()
    ) {
      const request = this.#withoutExpired(gathered);
      if (request.length > 0) await this.#call(request);
    }
    this.#underWay--;
    this.#parts.connectionFree();
  }

  #withoutExpired(request: readonly OutgoingRecord[]): readonly OutgoingRecord[] {
    const nowMs = this.#parts.clock.monotonic();
    if (request.every(({ expiresMs }) => expiresMs > nowMs)) return request;
    const late = request.filter(({ expiresMs }) => expiresMs <= nowMs);
    for (const outgoing of late) this.#parts.expired(outgoing);
    return request.filter(({ expiresMs }) => expiresMs > nowMs);
  }

  async #call(request: readonly OutgoingRecord[]): Promise<void> {
    const { clock, settings, transport, answered, failed, requestDone } = this.#parts;
    const startedMs = clock.monotonic();
    const records = request.map(({ record }) => record);
    const sent = (): Sent => ({ startedMs, endedMs: clock.monotonic(), count: request.length });
    let answers: readonly EntryAnswer[];
    try {
      answers = await timed(clock, settings.requestTimeoutMs, (signal) =>
        transport.putRecords(records, signal),
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const failure = sent();
      requestDone(request, failure);
      for (const outgoing of request) failed(outgoing, codeOf(error), message, failure);
      return;
    }
    const success = sent();
    requestDone(request, success);
    const mismatch = `${answers.length} answers to ${request.length} records`;
    const isMismatch = answers.length !== request.length;
    for (const [index, outgoing] of request.entries()) {
      const answer = isMismatch ? undefined : answers[index];
      if (answer === undefined) failed(outgoing, ATTEMPT_CODES.recordCountMismatch, mismatch, success);
      else answered(outgoing, answer, success);
    }
  }
}
