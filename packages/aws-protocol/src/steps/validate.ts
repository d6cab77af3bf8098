import { validate as validateBounds } from '../validate/validate.ts';
import { filled, type Step } from './step.ts';

/** Reads the input as its shape says where that is still to be done, types first, then bounds. */
export const validate: Step = (exchange) => {
  const { model } = filled(exchange.service, 'service');
  const { input } = filled(exchange.operation, 'operation');
  const codec = filled(exchange.codec, 'codec');
  exchange.input ??= input === undefined ? {} : codec.parse(model, input, exchange.raw);
  validateBounds(model, filled(exchange.operationName, 'operationName'), exchange.input);
};
