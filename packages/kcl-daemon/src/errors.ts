/**
 * `BadProperties`: the file says something that cannot be; the message has a line for each problem. `ChildFailed`: a
 * child did not start, died, answered the wrong thing or did not answer in time. `TooSlow`: the children were not
 * done when the time to shut down was over, and were killed.
 */
export type DaemonErrorCode = 'BadProperties' | 'ChildFailed' | 'TooSlow';

export class DaemonError extends Error {
  readonly code: DaemonErrorCode;
  constructor(code: DaemonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DaemonError';
    this.code = code;
  }
}
