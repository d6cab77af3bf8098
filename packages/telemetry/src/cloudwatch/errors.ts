import type { CloudWatchError } from '@millrace/aws-model/cloudwatch';
import { ServiceError, serviceErrors } from '@millrace/aws-protocol';

/** The names are AWS's; the texts are ours where no recording of AWS's is known. */
const fail = serviceErrors<CloudWatchError>();

export const invalidValue = (text: string): ServiceError => fail('InvalidParameterValueException', text);

export const invalidCombination = (text: string): ServiceError =>
  fail('InvalidParameterCombinationException', text);

export const missingParameter = (name: string): ServiceError =>
  fail('MissingRequiredParameterException', `The parameter ${name} is required.`);

export const invalidNextToken = (): ServiceError => fail('InvalidNextToken', 'The NextToken is not valid.');

/** What GetMetricData answers for a query that it cannot follow. */
export const invalidQuery = (text: string): ServiceError => new ServiceError('ValidationException', text);

export const tooManyMetrics = (): ServiceError =>
  new ServiceError('LimitExceededException', 'The store has no room for another metric. Try again later.');
