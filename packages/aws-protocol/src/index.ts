export { cborCodec } from './codecs/cbor.ts';
export { type Codec, MalformedBody } from './codecs/codec.ts';
export { jsonCodec } from './codecs/json.ts';
export { TypeMismatch } from './codecs/type-mismatch.ts';
export {
  type BoundService,
  bindService,
  type CallContext,
  defineService,
  type Handler,
  type Operation,
  type ServiceTable,
  type Unsupported,
  unsupported,
  whyUnsupported,
} from './define-service.ts';
export type { Exchange, HttpRequest, HttpResponse } from './exchange.ts';
export { createPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts';
export { type PortLimits, portLimits } from './port/limits.ts';
export { type Listening, type ListenOptions, listen } from './port/listen.ts';
export type { KeyMaterial } from './port/tls.ts';
export { ServiceError, serviceErrors } from './service-error.ts';
export type { Authentication } from './sigv4/authentication.ts';
export type { AccountDefaults, Verify } from './steps/authenticate.ts';
export type { Guard } from './steps/authorize.ts';
export { validate } from './validate/validate.ts';
