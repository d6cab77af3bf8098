import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { Clock } from '@millrace/core';
import { Deadlines } from './deadlines.ts';
import type { PortLimits } from './limits.ts';
import { discard, ignore, type RequestHeaders, type ResponseHeaders, type Wire } from './wire.ts';

const { NGHTTP2_NO_ERROR, NGHTTP2_CANCEL, NGHTTP2_INTERNAL_ERROR } = constants;

class Http2Wire implements Wire {
  readonly method: string;
  readonly target: string;
  readonly headers: RequestHeaders;
  readonly body: ServerHttp2Stream;
  readonly #discardBytesMax: number;

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, discardBytesMax: number) {
    this.method = headers[':method'] ?? '';
    this.target = headers[':path'] ?? '';
    headers.host ??= headers[':authority'];
    // Only set-cookie comes as a list, and that is no header of a request.
    this.headers = headers as RequestHeaders;
    this.body = stream;
    this.#discardBytesMax = discardBytesMax;
  }

  get isOpen(): boolean {
    return this.body.headersSent;
  }

  get isGone(): boolean {
    return this.body.destroyed || this.body.closed;
  }

  onGone(task: () => void): void {
    this.body.once('close', () => {
      // Node ends what a client has reset, so that it looks finished.
      if (this.body.aborted || !this.body.writableFinished) task();
    });
  }

  proceed(): void {
    if (this.headers.expect === '100-continue') this.body.additionalHeaders({ ':status': 100 });
  }

  open(status: number, headers: ResponseHeaders, bodyBytes: number | undefined): Writable {
    const length = bodyBytes === undefined ? undefined : { 'content-length': bodyBytes };
    const endStream = bodyBytes === 0;
    this.body.respond({ ':status': status, ...headers, ...length }, { endStream });
    return this.body;
  }

  /** The answer stands while the client still sends; a stream is then closed without blame (RFC 9113, 8.1). */
  refuse(status: number): void {
    if (this.isGone) return;
    this.body.respond({ ':status': status, 'content-length': 0 }, { endStream: true });
    discard(this.body, this.#discardBytesMax, ignore, () => this.body.close(NGHTTP2_NO_ERROR));
  }

  /** Clients take any milder code for the end of the answer. */
  abandon(): void {
    this.body.close(NGHTTP2_INTERNAL_ERROR);
  }
}

/** Sessions of HTTP/2, over TLS or not, with prior knowledge or ALPN. */
export class Http2 {
  readonly #limits: PortLimits;
  readonly #serve: (wire: Wire) => void;
  /** For a client's settings, which come first. */
  readonly #greetings: Deadlines;
  readonly #bodies: Deadlines;
  /** For the other side to close a connection that has been closed from here. */
  readonly #farewells: Deadlines;
  /** With the number of their open streams. */
  readonly #sessions = new Map<ServerHttp2Session, number>();
  readonly #options;

  constructor(limits: PortLimits, clock: Clock, serve: (wire: Wire) => void) {
    this.#limits = limits;
    this.#serve = serve;
    this.#greetings = new Deadlines(clock, limits.headersMs);
    this.#bodies = new Deadlines(clock, limits.requestMs);
    this.#farewells = new Deadlines(clock, limits.headersMs);
    this.#options = {
      maxSessionMemory: limits.sessionMebibytesMax,
      settings: {
        maxConcurrentStreams: limits.sessionStreamsMax,
        initialWindowSize: limits.streamWindowBytes,
        maxHeaderListSize: limits.headerBytesMax,
      },
    };
  }

  /** Speaks HTTP/2 on a connection, from the client's preface on. */
  readonly accept = (socket: Socket): void => {
    if (socket.destroyed) return;
    const session = performServerHandshake(socket, this.#options);
    session.setLocalWindowSize(this.#limits.sessionWindowBytes);
    session.on('error', ignore);
    session.on('stream', this.#onStream);
    this.#sessions.set(session, 0);
    const greeting = this.#greetings.start(() => session.destroy());
    session.once('remoteSettings', () => this.#greetings.stop(greeting));
    session.once('close', () => {
      this.#greetings.stop(greeting);
      this.#sessions.delete(session);
    });
    session.setTimeout(this.#limits.sessionIdleMs);
    session.on('timeout', () => {
      if (this.#sessions.get(session) !== 0) return;
      session.close();
      this.#farewells.start(() => socket.destroy());
    });
  };

  /** Says goodbye on every session; each ends with its last stream. */
  close(): void {
    for (const session of this.#sessions.keys()) session.close();
  }

  readonly #onStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    stream.on('error', ignore);
    const { session } = stream;
    // The frames behind a stream's first may have ended its session before we hear of it.
    if (session === undefined) return;
    this.#countStream(session as ServerHttp2Session, 1);
    stream.once('close', () => this.#countStream(session as ServerHttp2Session, -1));
    if (!stream.endAfterHeaders) this.#limitBody(stream);
    this.#serve(new Http2Wire(stream, headers, this.#limits.discardBytesMax));
  };

  #countStream(session: ServerHttp2Session, change: number): void {
    const streams = this.#sessions.get(session);
    if (streams !== undefined) this.#sessions.set(session, streams + change);
  }

  #limitBody(stream: ServerHttp2Stream): void {
    const wait = this.#bodies.start(() => stream.close(NGHTTP2_CANCEL));
    const stop = () => this.#bodies.stop(wait);
    stream.once('end', stop);
    stream.once('close', stop);
  }
}
