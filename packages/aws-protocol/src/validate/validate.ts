import type { ServiceModel } from '@millrace/aws-model';
import { ServiceError } from '../service-error.ts';
import { checkOf } from './checks.ts';

/** AWS reports no more than this in one answer. */
const errorsMax = 10;

/**
 * Throws AWS's ValidationException when the input breaks bounds of the model. The input has been read by a
 * codec, so its types are right.
 */
export const validate = (model: ServiceModel, operationName: string, input: unknown): void => {
  const operation = model.operations[operationName];
  if (!operation) throw new Error(`${model.name} has no operation ${operationName}`);
  if (operation.input === undefined) return;
  const check = checkOf(model, operation.input);
  if (!check.valid(input)) throw validationException(check.report, input);
};

const validationException = (report: ReturnType<typeof checkOf>['report'], input: unknown): ServiceError => {
  const errors: string[] = [];
  report(input, '', (path, value, text) => {
    if (errors.length >= errorsMax) return;
    const given = value === undefined ? 'null' : `'${value}'`;
    errors.push(`Value ${given} at '${path}' failed to satisfy constraint: ${text}`);
  });
  const detected = errors.length === 1 ? '1 validation error' : `${errors.length} validation errors`;
  return new ServiceError('ValidationException', `${detected} detected: ${errors.join('; ')}`);
};
