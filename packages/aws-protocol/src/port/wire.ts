import type { Readable, Writable } from 'node:stream';

export type RequestHeaders = Readonly<Record<string, string | undefined>>;
export type ResponseHeaders = Readonly<Record<string, string>>;

/** One request and the way to answer it, whatever the connection speaks. */
export interface Wire {
  readonly method: string;
  readonly target: string;
  readonly headers: RequestHeaders;
  readonly body: Readable;
  /** The answer has begun. */
  readonly isOpen: boolean;
  /** No answer can reach the client any more. */
  readonly isGone: boolean;
  /** Runs the task when the client goes away before its answer is finished. */
  onGone(task: () => void): void;
  /** To be called before the body is read: tells a client that waits for leave to send it. */
  proceed(): void;
  /** Prepares status and headers; the body, of `bodyBytes` if that is known, is written to what this returns. */
  open(status: number, headers: ResponseHeaders, bodyBytes: number | undefined): Writable;
  /** Answers without a body before the request's body has come; what still comes of it is dropped. */
  refuse(status: number): void;
  /** Cuts off what cannot be answered properly any more. */
  abandon(): void;
}

/** The length that the client announces; undefined when it does not say. */
export const declaredBytesOf = (headers: RequestHeaders): number | undefined => {
  const text = headers['content-length'];
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
};

/** Drops what comes and calls `onEnd` at its end, or `onFlood` when it is more than `bytesMax`. */
export const discard = (source: Readable, bytesMax: number, onEnd: () => void, onFlood: () => void): void => {
  let left = bytesMax;
  source.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) onFlood();
  });
  source.on('end', onEnd);
};

/** For `error` listeners where the `close` that follows says all that matters. */
export const ignore = (): void => undefined;
