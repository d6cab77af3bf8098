import type { OperationModel } from '@millrace/aws-model';
import type { Codec } from './codecs/codec.ts';
import type { BoundService, CallContext } from './define-service.ts';

/** A request as the port hands it in, whatever the connection spoke. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Names in lower case; repeated headers are joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** To be looked at until the answer is there; then its memory is another request's. */
  readonly body: Uint8Array;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

/** A body of one piece, or pieces that come as they come (fan-out, media). */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

/** What the steps of the pipeline fill in, one after the other. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly requestId: string;
  codec?: Codec;
  service?: BoundService;
  operationName?: string;
  operation?: OperationModel;
  /** The body taken apart by the codec, before the shape is known to fit; a plain one became `input` at once. */
  raw?: unknown;
  context?: CallContext;
  input?: unknown;
  output?: unknown;
  response?: HttpResponse;
}
