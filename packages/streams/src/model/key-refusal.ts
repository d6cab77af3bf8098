import type { KinesisError } from '@millrace/aws-model/kinesis';
import { type ServiceError, serviceErrors } from '@millrace/aws-protocol';
import { KeyError, type KeyErrorCode } from '@millrace/core';
import { LogError } from '@millrace/log';

const fail = serviceErrors<KinesisError>();

/** A key that does not open what it should is no mistake of the caller's. */
const CODES: Readonly<Record<KeyErrorCode, KinesisError | undefined>> = {
  'not-found': 'KMSNotFoundException',
  disabled: 'KMSDisabledException',
  'invalid-state': 'KMSInvalidStateException',
  unreadable: undefined,
};

/** AWS's error when a customer's key was refused, by the keys or through the engine; else undefined. */
export const keyRefusal = (error: unknown): ServiceError | undefined => {
  const cause = error instanceof LogError && error.code === 'key-unavailable' ? error.cause : error;
  if (!(cause instanceof KeyError)) return undefined;
  const code = CODES[cause.code];
  return code === undefined ? undefined : fail(code, cause.message);
};

/** For the end of a promise. */
export const throwKeyRefusal = (error: unknown): never => {
  throw keyRefusal(error) ?? error;
};
