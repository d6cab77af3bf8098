export type HealthStatus = 'ok' | 'degraded' | 'failed';

interface Problem {
  readonly status: Exclude<HealthStatus, 'ok'>;
  /** What an operator can do. */
  readonly advice: string;
}

/** What can be wrong with a server that runs, the worst first. The names are API: alerts are made of them. */
export const PROBLEMS = {
  'store-failed': {
    status: 'failed',
    advice:
      'Nothing more is written; what was acknowledged can be read. See to the disk, then restart the server: only a new start can tell what the disk holds.',
  },
  'control-log-failed': {
    status: 'failed',
    advice: 'Streams can no longer be made or changed. Restart the server; the log tells the cause.',
  },
  'disk-full': {
    status: 'degraded',
    advice:
      'Writers are throttled, readers are served. Free ten megabytes or more on the file system of the data directory, delete streams or shorten their retention; writing then goes on by itself.',
  },
  'segments-late': {
    status: 'degraded',
    advice:
      'The journal cannot be moved into segments and grows. Free space on the file system of the data directory, or raise the number of files that the process may open, as the reason says.',
  },
  'data-damaged': {
    status: 'degraded',
    advice:
      'What is damaged is never served; everything else is. Stop the server and run `millrace log verify`; the disk may be going bad.',
  },
} as const satisfies Readonly<Record<string, Problem>>;

export type ProblemName = keyof typeof PROBLEMS;

export const PROBLEM_NAMES = Object.keys(PROBLEMS) as readonly ProblemName[];
