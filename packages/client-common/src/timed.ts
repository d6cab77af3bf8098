import type { Clock } from './clock.ts';

/** The name of the error of a call that took too long. */
export const REQUEST_TIMEOUT = 'RequestTimeout';

/** Rejects when the call has not ended in time, whatever the call then does: it may still take effect. */
export const timed = async <Result>(
  clock: Clock,
  timeoutMs: number,
  call: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = clock.after(timeoutMs, () => {
    const error = new Error(`no answer within ${timeoutMs} ms`);
    error.name = REQUEST_TIMEOUT;
    late.reject(error);
    controller.abort(error);
  });
  try {
    return await Promise.race([call(controller.signal), late.promise]);
  } finally {
    timer.cancel();
  }
};
