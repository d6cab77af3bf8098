import type { LogError, LogErrorCode } from '@millrace/log';

/** What an operator can do about a store that does not open, by the engine's code; its words may be enough. */
const ADVICE: Readonly<Partial<Record<LogErrorCode, string>>> = {
  corrupt: 'Nothing that is stored there was changed. `millrace log verify` tells what is damaged.',
  full: 'Free space on its file system: a megabyte is enough to start.',
};

/** The data directory is there, but the store in it does not open. */
export class StoreUnreadable extends Error {
  constructor(dataDir: string, cause: LogError) {
    const advice = ADVICE[cause.code];
    const reason = cause.message.replace(/\.$/, '');
    super(`The store in ${dataDir} does not open: ${reason}.${advice === undefined ? '' : ` ${advice}`}`, {
      cause,
    });
    this.name = 'StoreUnreadable';
  }
}
