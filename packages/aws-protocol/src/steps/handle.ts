import { type Handler, type Unsupported, whyUnsupported } from '../define-service.ts';
import { ServiceError } from '../service-error.ts';
import { filled, type Step } from './step.ts';

const isHandler = (row: Handler | Unsupported): row is Handler => typeof row === 'function';

/** Lets the service answer. */
export const handle: Step = async (exchange) => {
  const name = filled(exchange.operationName, 'operationName');
  const service = filled(exchange.service, 'service');
  const row = filled(service.handlers.get(name), `handler of ${name}`);
  if (!isHandler(row)) {
    const why = whyUnsupported(row);
    throw new ServiceError('UnsupportedOperationException', `${name} is not supported here: ${why}`);
  }
  exchange.output = await row(exchange.input, filled(exchange.context, 'context'));
};
