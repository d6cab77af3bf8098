import type { Clock, Random } from '@millrace/core';
import { cborCodec } from './codecs/cbor.ts';
import type { Codec } from './codecs/codec.ts';
import { jsonCodec } from './codecs/json.ts';
import type { BoundService } from './define-service.ts';
import type { Exchange, HttpRequest, HttpResponse } from './exchange.ts';
import { ExtendedRequestIds } from './extended-request-id.ts';
import { HttpDate } from './http-date.ts';
import { Routes } from './routes.ts';
import { ServiceError } from './service-error.ts';
import { type AccountDefaults, authenticate, type Verify } from './steps/authenticate.ts';
import { authorize, type Guard } from './steps/authorize.ts';
import { decode } from './steps/decode.ts';
import { decodeDialect } from './steps/decode-dialect.ts';
import { encode, encodeError } from './steps/encode.ts';
import { crossOriginHeaders, greetBrowser } from './steps/greet-browser.ts';
import { handle } from './steps/handle.ts';
import { limit } from './steps/limit.ts';
import { route } from './steps/route.ts';
import type { Step } from './steps/step.ts';
import { validate } from './steps/validate.ts';

export interface PipelineOptions {
  /** All services of the port; a request's X-Amz-Target chooses. */
  readonly services: readonly BoundService[];
  readonly clock: Clock;
  readonly random: Random;
  readonly account: AccountDefaults;
  /** By their content types; JSON and CBOR unless others are given. */
  readonly codecs?: readonly Codec[];
  /** Checks signatures; without it every signature is believed. */
  readonly verify?: Verify;
  readonly authorize?: Guard;
  readonly limit?: Guard;
  /** Told of everything that was answered as InternalFailure. */
  readonly onFault: (requestId: string, error: unknown) => void;
}

export type Pipeline = (request: HttpRequest) => Promise<HttpResponse>;

/** The request path: every step in the order in which AWS checks. */
const stepsOf = (options: PipelineOptions, codecs: readonly Codec[]): readonly Step[] => {
  const routes = new Routes(options.services);
  const codecsByType = new Map(codecs.map((codec) => [codec.contentType, codec]));
  return [
    greetBrowser,
    decodeDialect(routes),
    decode(codecsByType, routes),
    route(routes),
    authenticate(options.account, options.verify),
    validate,
    authorize(options.authorize),
    limit(options.limit),
    handle,
    encode(options.onFault),
  ];
};

/** Runs steps until one of them has set the response. */
const run = async (steps: readonly Step[], exchange: Exchange): Promise<void> => {
  for (const step of steps) {
    const pending = step(exchange);
    if (pending !== undefined) await pending;
    if (exchange.response !== undefined) return;
  }
};

/** One function from request to answer for all services of a port. It never rejects. */
export const createPipeline = (options: PipelineOptions): Pipeline => {
  const { random, onFault, codecs = [jsonCodec, cborCodec] } = options;
  const steps = stepsOf(options, codecs);
  const date = new HttpDate(options.clock);
  const extendedIds = new ExtendedRequestIds(random);

  const answerError = (exchange: Exchange, error: unknown): HttpResponse => {
    if (!(error instanceof ServiceError)) onFault(exchange.requestId, error);
    return encodeError(exchange, error, jsonCodec);
  };
  const seal = ({ request, requestId }: Exchange, { status, headers, body }: HttpResponse): HttpResponse => ({
    status,
    headers: {
      'x-amzn-RequestId': requestId,
      'x-amz-id-2': extendedIds.next(),
      ...headers,
      ...crossOriginHeaders(request),
      date: date.now(),
    },
    body,
  });
  return async (request) => {
    const exchange: Exchange = { request, requestId: random.uuid() };
    try {
      await run(steps, exchange);
    } catch (error) {
      exchange.response = answerError(exchange, error);
    }
    return seal(exchange, exchange.response ?? answerError(exchange, new Error('no step has answered')));
  };
};
