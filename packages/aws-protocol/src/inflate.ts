import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ByteBudget } from './port/byte-budget.ts';
import { ServiceError } from './service-error.ts';

const MEBIBYTE = 1024 * 1024;
/** One body once it is inflated: eight times what PutMetricData takes. */
const INFLATED_BYTES_MAX = 8 * MEBIBYTE;
/** All bodies that are being inflated: a small one says nothing of how large it gets. */
const INFLATING_BYTES_MAX = 128 * MEBIBYTE;

const budget = new ByteBudget(INFLATING_BYTES_MAX);
const inflateWithin = promisify(gunzip);

const refusalOf = (error: unknown): ServiceError => {
  const isTooLong = (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
  return isTooLong
    ? new ServiceError('RequestEntityTooLargeException', `more than ${INFLATED_BYTES_MAX} bytes`, 413)
    : new ServiceError('SerializationException', 'The body is not what its Content-Encoding says');
};

/** Hands the inflated body to `use`; what that makes of it must not hold on to the bytes for long. */
export const inflated = async <Result>(
  body: Uint8Array,
  use: (body: Uint8Array) => Result,
): Promise<Result> => {
  if (!budget.take(INFLATED_BYTES_MAX)) throw new ServiceError('ServiceUnavailableException', '', 503);
  try {
    const whole = await inflateWithin(body, { maxOutputLength: INFLATED_BYTES_MAX }).catch(
      (error: unknown) => {
        throw refusalOf(error);
      },
    );
    return use(whole);
  } finally {
    budget.give(INFLATED_BYTES_MAX);
  }
};
