import type { HttpRequest } from '../exchange.ts';
import type { RequestHeaders, Wire } from './wire.ts';

/** The request as the pipeline sees it. The signal is only made for those who look at it. */
export class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: RequestHeaders;
  readonly body: Uint8Array;
  readonly #wire: Wire;
  #aborter: AbortController | undefined;

  constructor(wire: Wire, body: Uint8Array) {
    this.method = wire.method;
    this.target = wire.target;
    this.headers = wire.headers;
    this.body = body;
    this.#wire = wire;
  }

  get signal(): AbortSignal {
    if (this.#aborter === undefined) {
      this.#aborter = new AbortController();
      if (this.#wire.isGone) this.abort();
      else this.#wire.onGone(() => this.abort());
    }
    return this.#aborter.signal;
  }

  abort(): void {
    this.#aborter?.abort();
  }
}
