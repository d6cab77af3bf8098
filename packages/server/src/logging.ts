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
