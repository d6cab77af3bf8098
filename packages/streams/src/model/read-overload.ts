import { ServiceError } from '@millrace/aws-protocol';
import { LogError } from '@millrace/log';

/** One of AWS's common errors that SDKs try again; the text is ours. Anything else is thrown on. */
export const throwReadOverload = (error: unknown): never => {
  if (!(error instanceof LogError) || error.code !== 'overloaded') throw error;
  throw new ServiceError(
    'ServiceUnavailable',
    'The server has more reads under way than it takes; try again.',
    503,
  );
};
