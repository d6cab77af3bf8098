import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { PortLimits } from './limits.ts';
import { ignore } from './wire.ts';

export interface KeyMaterial {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

/** In our order of preference. */
const PROTOCOLS = ['h2', 'http/1.1'];

/** Takes the TLS off connections. The key is asked for at the first of them, since making one takes its time. */
export class Tls {
  readonly #limits: PortLimits;
  readonly #keyMaterial: () => Promise<KeyMaterial>;
  readonly #onSecure: (socket: TLSSocket) => void;
  readonly #onFault: (error: unknown) => void;
  #server: Promise<Server | undefined> | undefined;

  constructor(
    limits: PortLimits,
    keyMaterial: () => Promise<KeyMaterial>,
    onSecure: (socket: TLSSocket) => void,
    onFault: (error: unknown) => void,
  ) {
    this.#limits = limits;
    this.#keyMaterial = keyMaterial;
    this.#onSecure = onSecure;
    this.#onFault = onFault;
  }

  readonly accept = (socket: Socket): void => {
    this.#server ??= this.#create().catch((error: unknown) => {
      // The next connection asks again: a disk may come back.
      this.#server = undefined;
      this.#onFault(error);
      return undefined;
    });
    this.#server.then((server) => {
      if (server === undefined) socket.destroy();
      else if (!socket.destroyed) server.emit('connection', socket);
    });
  };

  async #create(): Promise<Server> {
    const { key, cert } = await this.#keyMaterial();
    const handshakeTimeout = this.#limits.tlsHandshakeMs;
    const server = createServer({ key, cert, handshakeTimeout, ALPNProtocols: PROTOCOLS });
    server.on('secureConnection', (socket) => {
      socket.on('error', ignore);
      this.#onSecure(socket);
    });
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    return server;
  }
}
