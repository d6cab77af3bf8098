import { type Codec, MalformedBody } from '../codecs/codec.ts';
import { contentTypeOf } from '../content-type.ts';
import type { Exchange, HttpRequest } from '../exchange.ts';
import type { Routes } from '../routes.ts';
import { ServiceError } from '../service-error.ts';
import { accessDenied, plainJsonMalformed, plainJsonUnknown, unknownContentType } from './odd-answers.ts';
import type { Step } from './step.ts';

/** By content type. */
export type Codecs = ReadonlyMap<string, Codec>;

const JSON_TYPE = 'application/x-amz-json-1.1';
const CBOR_TYPE = 'application/x-amz-cbor-1.1';
/** AWS reads bodies of this type as JSON but knows no operation for them. */
const PLAIN_JSON_TYPE = 'application/json';

/** Something like `Service.Operation`, known or not. */
const namesTarget = (request: HttpRequest): boolean =>
  /^[^.]+\.[^.]/.test(request.headers['x-amz-target'] ?? '');

const isObject = (raw: unknown): boolean =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw) && !(raw instanceof Uint8Array);

/** Undefined for a body that is no object of the codec's format. */
const objectIn = (codec: Codec, body: Uint8Array): unknown => {
  try {
    const raw = codec.decode(body);
    return isObject(raw) ? raw : undefined;
  } catch (error) {
    if (error instanceof MalformedBody) return undefined;
    throw error;
  }
};

/** The whole input at once, where the operation is known and the body has nothing odd. */
const readPlain = (codec: Codec, request: HttpRequest, routes: Routes): unknown => {
  const route = routes.find(request);
  if (route?.operation.input === undefined) return undefined;
  return codec.read?.(route.service.model, route.operation.input, request.body);
};

/** Takes the body apart, after the checks that AWS makes before it knows an operation, in AWS's order (recorded). */
export const decode = (codecs: Codecs, routes: Routes): Step => {
  const fallback = codecs.get(CBOR_TYPE);
  const plainJson = codecs.get(JSON_TYPE);

  const refuseEmpty = (exchange: Exchange, codec: Codec | undefined): never => {
    const chosen = codec ?? fallback;
    if (chosen !== undefined) exchange.codec = chosen;
    const isKnown = routes.find(exchange.request) !== undefined;
    throw new ServiceError(isKnown ? 'SerializationException' : 'UnknownOperationException', '');
  };

  const answerPlainJson = (exchange: Exchange, codec: Codec): void => {
    const isFine = objectIn(codec, exchange.request.body) !== undefined;
    exchange.response = isFine ? plainJsonUnknown : plainJsonMalformed;
  };

  return (exchange) => {
    if (exchange.codec !== undefined) return;
    const { request } = exchange;
    if (request.method !== 'POST') {
      exchange.response = accessDenied;
      return;
    }
    const contentType = contentTypeOf(request);
    const codec = codecs.get(contentType);
    if (request.body.length === 0) refuseEmpty(exchange, codec);
    if (contentType === PLAIN_JSON_TYPE && plainJson !== undefined)
      return answerPlainJson(exchange, plainJson);
    if (codec === undefined) {
      exchange.response = namesTarget(request) ? unknownContentType : accessDenied;
      return;
    }
    exchange.codec = codec;
    exchange.input = readPlain(codec, request, routes);
    if (exchange.input !== undefined) return;
    exchange.raw = objectIn(codec, request.body);
    if (exchange.raw === undefined) throw new ServiceError('SerializationException', '');
  };
};
