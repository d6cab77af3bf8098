import type { ExceptionTraits, ServiceModel } from '@millrace/aws-model';

/** What the front door's errors are called in the query protocol, where that is not the name cut short. */
const CODES: Readonly<Record<string, string>> = {
  InvalidSignatureException: 'SignatureDoesNotMatch',
  SerializationException: 'MalformedInput',
  UnknownOperationException: 'InvalidAction',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ValidationException: 'ValidationError',
};

const traitsOf = ({ shapes }: ServiceModel, code: string): ExceptionTraits | undefined => {
  const shape = shapes[code];
  return shape?.type === 'structure' ? shape.exception : undefined;
};

/** An error's name in the query protocol: the model's, or without the `Exception` that came with JSON. */
export const queryCodeOf = (model: ServiceModel, code: string): string =>
  traitsOf(model, code)?.queryCode ?? CODES[code] ?? code.replace(/Exception$/, '');

export const isFault = (model: ServiceModel, code: string): boolean =>
  code.startsWith('InternalFailure') || (traitsOf(model, code)?.status ?? 0) >= 500;

/**
 * What tells a client of a service that moved from the query protocol to another the error's former name, by
 * which its users know it.
 */
export const queryErrorHeader = (model: ServiceModel, code: string): Readonly<Record<string, string>> => {
  if (model.query === undefined) return {};
  const side = isFault(model, code) ? 'Receiver' : 'Sender';
  return { 'x-amzn-query-error': `${queryCodeOf(model, code)};${side}` };
};
