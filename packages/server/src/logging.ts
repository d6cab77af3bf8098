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

/** They come with every try while a problem lasts; the health report tells of its beginning and its end. */
const REPEATED: ReadonlySet<unknown> = new Set([
  'journal-full',
  'journal-has-room',
  'write-behind-postponed',
  'write-behind-resumed',
]);

/** Those that carry an error are errors. */
const write = (logger: Logger, part: string, event: object): void => {
  if ('kind' in event && REPEATED.has(event.kind)) {
    logger.debug({ part, ...event }, part);
  } else if ('error' in event) {
    const { error, ...rest } = event;
    logger.error({ part, ...rest, err: error }, `${part}: trouble`);
  } else {
    logger.info({ part, ...event }, part);
  }
};

/** Writes the events of one part, and tells them on. */
export const reporter =
  <Event extends object>(logger: Logger, part: string, listen?: (event: Event) => void) =>
  (event: Event): void => {
    write(logger, part, event);
    listen?.(event);
  };
