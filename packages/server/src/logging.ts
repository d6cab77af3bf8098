import { destination, type Logger, pino } from 'pino';
import type { Settings } from './config/settings.ts';

export type { Logger };

const STANDARD_ERROR = 2;

/** Logs to standard error: standard output is for what a command was asked for. */
export const createLogger = async ({
  logLevel,
  logFormat = process.stderr.isTTY ? 'pretty' : 'json',
}: Pick<Settings, 'logLevel' | 'logFormat'>): Promise<Logger> => {
  if (logFormat === 'json') return pino({ level: logLevel }, destination({ fd: STANDARD_ERROR, sync: true }));
  const { PinoPretty } = await import('pino-pretty');
  const pretty = PinoPretty({ destination: STANDARD_ERROR, sync: true, ignore: 'pid,hostname' });
  return pino({ level: logLevel }, pretty);
};

/** Writes the events of one part; those that carry an error are errors. */
export const reporter =
  (logger: Logger, part: string) =>
  (event: object): void => {
    if ('error' in event) {
      const { error, ...rest } = event;
      logger.error({ part, ...rest, err: error }, `${part}: trouble`);
    } else {
      logger.info({ part, ...event }, part);
    }
  };
