import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { PortLimits } from './limits.ts';
import { discard, type RequestHeaders, type ResponseHeaders, type Wire } from './wire.ts';

const CLOSE = { connection: 'close' };

class Http1Wire implements Wire {
  readonly method: string;
  readonly target: string;
  readonly headers: RequestHeaders;
  readonly body: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #discardBytesMax: number;
  /** The client sends its body only when it is told to. */
  #waits: boolean;

  constructor(request: IncomingMessage, response: ServerResponse, waits: boolean, discardBytesMax: number) {
    this.method = request.method ?? '';
    this.target = request.url ?? '';
    // Only set-cookie comes as a list, and that is no header of a request.
    this.headers = request.headers as RequestHeaders;
    this.body = request;
    this.#response = response;
    this.#waits = waits;
    this.#discardBytesMax = discardBytesMax;
  }

  get isOpen(): boolean {
    return this.#response.headersSent;
  }

  get isGone(): boolean {
    return this.#response.destroyed || this.body.socket.destroyed;
  }

  onGone(task: () => void): void {
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) task();
    });
  }

  proceed(): void {
    if (this.#waits) this.#response.writeContinue();
    this.#waits = false;
  }

  open(status: number, headers: ResponseHeaders, bodyBytes: number | undefined): Writable {
    const length = bodyBytes === undefined ? undefined : { 'content-length': bodyBytes };
    const end = this.#isClosing ? CLOSE : undefined;
    if (bodyBytes === undefined) this.#response.once('finish', this.#endWithServer);
    return this.#response.writeHead(status, { ...headers, ...length, ...end });
  }

  /** A long answer may outlive the server's life as one that takes requests. */
  readonly #endWithServer = (): void => {
    if (this.#isClosing) this.body.socket.destroySoon();
  };

  /** Ends the connection, but only when the client has sent all: many read their answer no sooner. */
  refuse(status: number): void {
    const response = this.#response.writeHead(status, { 'content-length': 0, ...CLOSE });
    if (this.#waits) {
      response.end();
      return;
    }
    response.flushHeaders();
    discard(
      this.body,
      this.#discardBytesMax,
      () => response.end(),
      () => this.abandon(),
    );
  }

  abandon(): void {
    this.body.socket.destroy();
  }

  /** Without a listening socket the server shuts down: the connection takes no further request. */
  get #isClosing(): boolean {
    return !(this.body.socket as Socket & { readonly server?: Server }).server?.listening;
  }
}

export interface Http1 {
  /** Owns the listening socket; only then does Node enforce the time limits of requests. */
  readonly server: Server;
  /** Speaks HTTP/1.1 on a connection, plain or not, that comes paused with its first bytes. */
  readonly accept: (socket: Socket) => void;
}

/** How often Node looks for requests that are late, relative to the time they have. */
const CHECKS_PER_DEADLINE = 4;

/** An HTTP/1.1 server that leaves it to `onConnection` to say which connections are its own. */
export const createHttp1 = (
  limits: PortLimits,
  serve: (wire: Wire) => void,
  onConnection: (socket: Socket) => void,
): Http1 => {
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMs,
    requestTimeout: Math.max(limits.requestMs, limits.headersMs),
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.ceil(limits.headersMs / CHECKS_PER_DEADLINE),
    keepAlive: true,
    keepAliveInitialDelay: limits.tcpKeepAliveMs,
    noDelay: true,
  });
  server.maxConnections = limits.connectionsMax;
  const start = (waits: boolean) => (request: IncomingMessage, response: ServerResponse) =>
    serve(new Http1Wire(request, response, waits, limits.discardBytesMax));
  server.on('request', start(false));
  server.on('checkContinue', start(true));
  const [accept] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', onConnection);
  const acceptPaused = (socket: Socket) => {
    accept?.call(server, socket);
    socket.resume();
  };
  return { server, accept: acceptPaused };
};
