export { type Codec, MalformedBody } from './codecs/codec.ts';
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
export { ServiceError, serviceErrors } from './service-error.ts';
