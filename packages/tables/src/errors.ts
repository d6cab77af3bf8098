import type { DynamoDbError } from '@millrace/aws-model/dynamodb';
import { ServiceError, serviceErrors } from '@millrace/aws-protocol';
import { LogError } from '@millrace/log';
import type { WireItem } from './values/wire.ts';

/** Names and texts are AWS's, except where a text says what is not built here. */
const fail = serviceErrors<DynamoDbError>();

export const invalid = (text: string): ServiceError => new ServiceError('ValidationException', text);

/** What AWS could do and this server does not. */
export const notBuilt = (what: string): ServiceError => invalid(`${what} not supported here`);

export const invalidParameter = (text: string): ServiceError =>
  invalid(`One or more parameter values were invalid: ${text}`);

/** Of operations on items. */
export const noSuchTable = (): ServiceError =>
  fail('ResourceNotFoundException', 'Requested resource not found');

/** Of operations on tables. */
export const noSuchTableNamed = (name: string): ServiceError =>
  fail('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);

export const noSuchResource = (arn: string): ServiceError =>
  fail('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);

export const tableExists = (name: string): ServiceError =>
  fail('ResourceInUseException', `Table already exists: ${name}`);

export const tableInUse = (what: string): ServiceError =>
  fail('ResourceInUseException', `Attempt to change a resource which is still in use: ${what}`);

export const limitExceeded = (text: string): ServiceError => fail('LimitExceededException', text);

export const noContinuousBackups = (): ServiceError =>
  fail('ContinuousBackupsUnavailableException', 'Point in time recovery is not supported here');

const CONDITION_FAILED = 'The conditional request failed';

/** `item` as it was found, when the caller asked for it. */
export const conditionFailed = (item?: WireItem): ServiceError =>
  new ServiceError('ConditionalCheckFailedException', CONDITION_FAILED, 400, item && { Item: item });

export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: WireItem;
}

/** Why one of a transaction's items stood in the way. */
export const reasonOf = (error: ServiceError): CancellationReason => {
  const isCondition = error.code === 'ConditionalCheckFailedException';
  return {
    Code: isCondition ? 'ConditionalCheckFailed' : 'ValidationError',
    Message: error.message,
    ...error.members,
  };
};

export const transactionCanceled = (reasons: readonly CancellationReason[]): ServiceError =>
  new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons
      .map(({ Code }) => Code)
      .join(', ')}]`,
    400,
    { CancellationReasons: reasons },
  );

export const tokenReused = (): ServiceError =>
  fail(
    'IdempotentParameterMismatchException',
    'The request uses the same client token as a previous, but non-identical request.',
  );

const TRY_AGAIN = ['full', 'overloaded'];

/** The store could not take a write; nothing of it is there. SDKs try these again. */
export const storeTrouble = (error: unknown): unknown => {
  if (!(error instanceof LogError)) return error;
  return TRY_AGAIN.includes(error.code)
    ? new ServiceError('ThrottlingException', `The server cannot store more at the moment: ${error.message}`)
    : new ServiceError('InternalServerError', 'The server has stopped writing.', 500);
};
