import { rpcV2CborCodec } from '../codecs/cbor.ts';
import { type Codec, MalformedBody } from '../codecs/codec.ts';
import { type FormNode, readForm } from '../codecs/form.ts';
import { JSON_1_0_TYPE, json10Codec } from '../codecs/json-1-0.ts';
import { FORM_TYPE, queryCodec } from '../codecs/query.ts';
import { queryErrorHeader } from '../codecs/query-codes.ts';
import { contentTypeOf } from '../content-type.ts';
import type { BoundService } from '../define-service.ts';
import type { Exchange, HttpRequest } from '../exchange.ts';
import { inflated } from '../inflate.ts';
import type { Routes } from '../routes.ts';
import { ServiceError } from '../service-error.ts';
import type { Step } from './step.ts';

const RPC_V2 = { 'smithy-protocol': 'rpc-v2-cbor' };

const rpcV2Cbor = ({ model }: BoundService): Codec => ({
  ...rpcV2CborCodec,
  headers: (_body, code) => (code === undefined ? RPC_V2 : { ...RPC_V2, ...queryErrorHeader(model, code) }),
});

/** By codec, so that a service's is made once. */
const once = (make: (service: BoundService) => Codec): ((service: BoundService) => Codec) => {
  const made = new WeakMap<BoundService, Codec>();
  return (service) => {
    const codec = made.get(service) ?? make(service);
    made.set(service, codec);
    return codec;
  };
};

const json10Of = once(({ model }) => json10Codec(model));
const rpcV2CborOf = once(rpcV2Cbor);

/** The JSON 1.0 or RPC v2 codec of the service that is asked; undefined where neither is spoken. */
const codecFor = (request: HttpRequest, service: BoundService): Codec | undefined => {
  if (request.headers['smithy-protocol'] !== undefined) {
    return service.model.rpcV2Cbor === true ? rpcV2CborOf(service) : undefined;
  }
  const isJson10 = service.model.jsonVersion === '1.0' && contentTypeOf(request) === JSON_1_0_TYPE;
  return isJson10 ? json10Of(service) : undefined;
};

/** As text to the body: compressed bodies are taken in these dialects only. */
const withBody = (request: HttpRequest, use: (body: Uint8Array) => void): void | Promise<void> => {
  const encoding = request.headers['content-encoding'];
  return encoding === 'gzip' ? inflated(request.body, use) : use(request.body);
};

const understood = <Value>(read: () => Value): Value => {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedBody) throw new ServiceError('SerializationException', error.message);
    throw error;
  }
};

const takeQuery = (exchange: Exchange, form: FormNode, routes: Routes): void => {
  const version = form.children.get('Version')?.text ?? '';
  const operationName = form.children.get('Action')?.text ?? '';
  const service = routes.findQueryService(version);
  if (service === undefined) return;
  const { model } = service;
  exchange.codec = queryCodec({ model, operationName, requestId: exchange.requestId });
  const operation = model.operations[operationName];
  if (operation === undefined) {
    const text = `Could not find operation ${operationName} for version ${version}`;
    throw new ServiceError('UnknownOperationException', text);
  }
  exchange.raw = form;
  exchange.service = service;
  exchange.operationName = operationName;
  exchange.operation = operation;
};

/**
 * Takes the body apart for services that are spoken to in other ways than Kinesis: the query protocol, AWS's
 * JSON 1.0 and Smithy's RPC v2. All else is left to the next step, with Kinesis's order of checks.
 */
export const decodeDialect =
  (routes: Routes): Step =>
  (exchange) => {
    const { request } = exchange;
    if (request.method !== 'POST') return;
    if (contentTypeOf(request) === FORM_TYPE) {
      return withBody(request, (body) =>
        takeQuery(
          exchange,
          understood(() => readForm(body)),
          routes,
        ),
      );
    }
    const service = routes.findService(request);
    const codec = service && codecFor(request, service);
    if (codec === undefined) return;
    exchange.codec = codec;
    return withBody(request, (body) => {
      exchange.raw = body.length === 0 ? {} : understood(() => codec.decode(body));
    });
  };
