import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@millrace/core';
import { Deadlines } from './deadlines.ts';
import { createHttp1, type Http1 } from './http1.ts';
import { Http2 } from './http2.ts';
import { type PortLimits, portLimits } from './limits.ts';
import { type Protocol, recognise } from './recognise.ts';
import { type Answerers, Serving } from './serve.ts';
import { type KeyMaterial, Tls } from './tls.ts';
import { ignore } from './wire.ts';

export interface ListenOptions extends Answerers {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Asked at the first TLS connection; without it such connections are closed. */
  readonly tls?: () => Promise<KeyMaterial>;
  readonly limits?: Partial<PortLimits>;
  readonly clock: Clock;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  /**
   * Takes no more connections, closes idle ones, lets requests that are being answered finish and cuts off
   * what is left after `deadlineMs`. Answers that are being streamed see their signal abort at once. Resolves
   * when the last connection is closed.
   */
  close(deadlineMs: number): Promise<void>;
}

type Accept = Readonly<Record<Protocol, (socket: Socket) => void>>;

const refuse = (socket: Socket): void => void socket.destroy();

/** The connections of one port, from their first byte to whom they are handed. */
class Port {
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;
  readonly #serving: Serving;
  readonly #http1: Http1;
  readonly #http2: Http2;
  readonly #silences: Deadlines;
  readonly #sockets = new Set<Socket>();
  /** Connections that have not said yet what they speak. */
  readonly #fresh = new Set<Socket>();
  readonly #acceptPlain: Accept;
  readonly #acceptSecure: Accept;
  #closing: Promise<void> | undefined;

  constructor(options: ListenOptions, limits: PortLimits) {
    const { clock, tls, onFault = ignore } = options;
    this.#clock = clock;
    this.#onFault = onFault;
    this.#silences = new Deadlines(clock, limits.recogniseMs);
    this.#serving = new Serving(options, limits, clock);
    this.#http1 = createHttp1(limits, this.#serving.serve, this.#onConnection);
    this.#http2 = new Http2(limits, clock, this.#serving.serve);
    const acceptTls = tls ? new Tls(limits, tls, this.#onSecure, onFault).accept : refuse;
    this.#acceptPlain = { http1: this.#http1.accept, http2: this.#http2.accept, tls: acceptTls };
    this.#acceptSecure = { ...this.#acceptPlain, tls: refuse };
  }

  async listen(host: string, port: number, backlog: number): Promise<AddressInfo> {
    const { server } = this.#http1;
    const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject);
    server.listen({ host, port, backlog }, resolve);
    await listening;
    server.off('error', reject);
    // A connection that could not be taken in, for want of file descriptors for instance.
    server.on('error', this.#onFault);
    return server.address() as AddressInfo;
  }

  close(deadlineMs: number): Promise<void> {
    this.#closing ??= this.#shutDown(deadlineMs);
    return this.#closing;
  }

  async #shutDown(deadlineMs: number): Promise<void> {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    this.#http1.server.close(() => resolve());
    for (const socket of this.#fresh) socket.destroy();
    this.#http2.close();
    this.#serving.endStreams();
    const deadline = this.#clock.after(deadlineMs, () => {
      for (const socket of this.#sockets) socket.destroy();
    });
    await closed;
    deadline.cancel();
  }

  readonly #onConnection = (socket: Socket): void => {
    // No client ends its side and still waits for an answer; one that ends it is gone.
    socket.allowHalfOpen = false;
    socket.on('error', ignore);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    this.#enter(socket, this.#acceptPlain);
  };

  /** Java's SDK speaks HTTP/2 over TLS without having agreed on it, so only the first bytes are to be trusted. */
  readonly #onSecure = (socket: TLSSocket): void => {
    if (this.#closing === undefined) this.#enter(socket, this.#acceptSecure);
    else socket.destroy();
  };

  #enter(socket: Socket, accept: Accept): void {
    this.#fresh.add(socket);
    const leave = () => this.#fresh.delete(socket);
    socket.once('close', leave);
    recognise(socket, this.#silences, (protocol) => {
      leave();
      socket.off('close', leave);
      accept[protocol](socket);
    });
  }
}

/** One TCP port for HTTP/1.1 and HTTP/2, with TLS and without; a connection's first bytes tell. */
export const listen = async (options: ListenOptions): Promise<Listening> => {
  const limits = { ...portLimits, ...options.limits };
  const port = new Port(options, limits);
  const address = await port.listen(options.host, options.port, limits.backlogMax);
  return { host: address.address, port: address.port, close: (deadlineMs) => port.close(deadlineMs) };
};
