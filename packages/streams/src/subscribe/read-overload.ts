import { ServiceError } from '@millrace/aws-protocol';

/** What `readShard` throws when the server has no room for one more read: to a caller an error, here a pause. */
export const isReadOverload = (error: unknown): boolean =>
  error instanceof ServiceError && error.code === 'ServiceUnavailable';
