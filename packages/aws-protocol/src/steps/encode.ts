import type { Codec } from '../codecs/codec.ts';
import { TypeMismatch } from '../codecs/type-mismatch.ts';
import { EVENT_STREAM_TYPE, encodeEvents, eventStreamMember } from '../event-stream/encode-events.ts';
import type { Exchange, HttpResponse } from '../exchange.ts';
import { ServiceError } from '../service-error.ts';
import { filled, type Step } from './step.ts';

const EMPTY = new Uint8Array(0);

/**
 * Writes the output in the format of the request; an operation without output answers nothing, one with a
 * stream of events answers frames as they come.
 */
export const encode =
  (onFault: (requestId: string, error: unknown) => void): Step =>
  (exchange) => {
    const { model } = filled(exchange.service, 'service');
    const { output: shape } = filled(exchange.operation, 'operation');
    const codec = filled(exchange.codec, 'codec');
    const answer = (contentType: string, body: HttpResponse['body']) => {
      const headers = { 'content-type': contentType, ...codec.headers?.(body) };
      exchange.response = { status: 200, headers, body };
    };
    if (shape === undefined) return answer(codec.contentType, codec.encodeNothing?.() ?? EMPTY);
    const value = exchange.output ?? {};
    const member = eventStreamMember(model, shape);
    if (member === undefined) return answer(codec.contentType, codec.encode(model, shape, value));
    const output = { model, shape, member, value: value as Readonly<Record<string, unknown>> };
    const { signal } = filled(exchange.context, 'context');
    const report = (error: unknown) => onFault(exchange.requestId, error);
    answer(EVENT_STREAM_TYPE, encodeEvents(output, codec, signal, report));
  };

/** AWS answers this without a message (recorded). */
const INTERNAL_FAILURE = new ServiceError('InternalFailure', '', 500);

/** Turns what a step threw into an answer; all that is not a `ServiceError` becomes one InternalFailure. */
export const encodeError = (exchange: Exchange, thrown: unknown, fallback: Codec): HttpResponse => {
  const error = thrown instanceof ServiceError ? thrown : INTERNAL_FAILURE;
  const codec = exchange.codec ?? fallback;
  const message = error.message === '' ? undefined : error.message;
  const messageKey = error instanceof TypeMismatch ? 'Message' : 'message';
  const body = codec.encodeError(error.code, message, messageKey, error.members);
  const headers = { 'content-type': codec.contentType, ...codec.headers?.(body, error.code) };
  return { status: error.status, headers, body };
};
