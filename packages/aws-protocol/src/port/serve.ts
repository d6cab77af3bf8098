import type { Writable } from 'node:stream';
import type { Clock } from '@millrace/core';
import type { HttpRequest, HttpResponse } from '../exchange.ts';
import { BodyBuffer } from './body-buffer.ts';
import { ByteBudget } from './byte-budget.ts';
import { Deadlines } from './deadlines.ts';
import { EndOfTurn } from './end-of-turn.ts';
import { IncomingRequest } from './incoming-request.ts';
import type { PortLimits } from './limits.ts';
import { type Received, receiveBody } from './receive-body.ts';
import { SpareRooms } from './spare-rooms.ts';
import { returnOf, streamPieces } from './stream-pieces.ts';
import { declaredBytesOf, type Wire } from './wire.ts';

export interface Answerers {
  readonly handle: (request: HttpRequest) => Promise<HttpResponse>;
  /** Asked first for GET and HEAD; answers undefined where it has no page. */
  readonly pages?: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> | undefined;
  /** Told of what should not have been thrown. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Why a body without room is refused and does not wait: waiting holds its connection's flow control, and with
 * it requests whose end would give room. Every SDK takes 503 for transient and tries again later.
 */
const REFUSAL: Readonly<Record<Exclude<Received, 'whole' | 'gone'>, number>> = {
  'too-long': 413,
  'no-room': 503,
};

/** Takes a request in, has it answered, and sends the answer; the same for every kind of connection. */
export class Serving {
  readonly #answerers: Answerers;
  readonly #limits: PortLimits;
  readonly #budget: ByteBudget;
  readonly #answers: ByteBudget;
  readonly #rooms = new SpareRooms();
  readonly #stalls: Deadlines;
  readonly #turn: EndOfTurn;
  /** Requests whose answers are being streamed. */
  readonly #streaming = new Set<IncomingRequest>();

  constructor(answerers: Answerers, limits: PortLimits, clock: Clock) {
    this.#answerers = answerers;
    this.#limits = limits;
    this.#budget = new ByteBudget(limits.bodiesBytesMax);
    this.#answers = new ByteBudget(limits.answersBytesMax);
    this.#stalls = new Deadlines(clock, limits.stallMs);
    this.#turn = new EndOfTurn(clock);
  }

  readonly serve = (wire: Wire): void => {
    this.#serve(wire).catch((error: unknown) => {
      this.#answerers.onFault?.(error);
      if (wire.isOpen || wire.isGone) wire.abandon();
      else wire.open(500, {}, 0).end();
    });
  };

  /** Lets the answers that would go on for long know that the server shuts down. */
  endStreams(): void {
    for (const request of this.#streaming) request.abort();
  }

  async #serve(wire: Wire): Promise<void> {
    const { bodyBytesMax } = this.#limits;
    const declaredBytes = declaredBytesOf(wire.headers);
    if (declaredBytes !== undefined && declaredBytes > bodyBytesMax) return wire.refuse(REFUSAL['too-long']);
    wire.proceed();
    const buffer = new BodyBuffer(declaredBytes, bodyBytesMax, this.#budget, this.#rooms);
    try {
      const received = await receiveBody(wire.body, buffer);
      if (received === 'gone') return;
      if (received !== 'whole') return wire.refuse(REFUSAL[received]);
      this.#turn.hurry();
      const request = new IncomingRequest(wire, buffer.bytes());
      const response = await this.#answer(request);
      // A streamed answer may go on for minutes, and its request's body is done with.
      buffer.release();
      await this.#send(wire, request, response);
    } finally {
      buffer.release();
    }
  }

  #answer(request: HttpRequest): Promise<HttpResponse> | HttpResponse {
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    const page = isPage ? this.#answerers.pages?.(request) : undefined;
    return page ?? this.#answerers.handle(request);
  }

  async #send(wire: Wire, request: IncomingRequest, response: HttpResponse): Promise<void> {
    const { status, headers, body } = response;
    if (!(body instanceof Uint8Array)) return this.#stream(wire, request, response, body);
    await this.#turn.come();
    if (wire.isGone) return;
    if (body.length > this.#largeAnswerBytesLeft) return wire.refuse(REFUSAL['no-room']);
    const sink = wire.open(status, headers, body.length);
    if (body.length > 0 && wire.method !== 'HEAD') sink.end(body);
    else sink.end();
    if (sink.writableLength === 0) return;
    this.#guard(sink, wire);
    this.#hold(sink, body.length);
  }

  get #largeAnswerBytesLeft(): number {
    return Math.max(this.#answers.left, this.#limits.largeAnswerBytes - 1);
  }

  /** Until the client has it, or is gone. */
  #hold(sink: Writable, bytes: number): void {
    if (!this.#answers.take(bytes)) return;
    sink.once('close', () => this.#answers.give(bytes));
  }

  async #stream(
    wire: Wire,
    request: IncomingRequest,
    { status, headers }: HttpResponse,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    if (!wire.isGone) {
      const sink = wire.open(status, headers, undefined);
      if (wire.method !== 'HEAD') return this.#pour(wire, request, sink, pieces);
      sink.end();
    }
    returnOf(pieces[Symbol.asyncIterator]());
  }

  async #pour(
    wire: Wire,
    request: IncomingRequest,
    sink: Writable,
    pieces: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    this.#streaming.add(request);
    try {
      await streamPieces(pieces, sink, this.#stalls, () => wire.abandon());
    } finally {
      this.#streaming.delete(request);
    }
  }

  /** A client that does not read its answer to the end in time is cut off. */
  #guard(sink: Writable, wire: Wire): void {
    const wait = this.#stalls.start(() => wire.abandon());
    sink.once('close', () => this.#stalls.stop(wait));
  }
}
