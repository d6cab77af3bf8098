import { constants } from 'node:os';
import { createDaemon, type DaemonEvent, loadConfig } from '@millrace/kcl-daemon';
import { createLogger, type Logger } from '../logging.ts';
import type { KclDaemonCommandOptions } from './kcl-daemon-command.ts';

/** Errors say what went wrong; a property that nobody knows may be a slip. */
const logEvent = (logger: Logger, event: DaemonEvent): void => {
  if ('error' in event) {
    const { error, ...rest } = event;
    logger.error({ ...rest, err: error }, event.kind);
  } else if (event.kind === 'propertyUnknown') logger.warn(event, event.kind);
  else logger.info(event, event.kind);
};

/** The first signal lets the children shut down; a second one ends the process at once. */
const onSignal = (stop: () => void): void => {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(128 + constants.signals[signal]);
      isStopping = true;
      stop();
    });
  }
};

/** Ends with 0 after a signal, and with 1 when a child or the consumer has failed. */
export const runKclDaemon = async (path: string, options: KclDaemonCommandOptions): Promise<void> => {
  const { config, ignored } = await loadConfig(path);
  const { logLevel, logFormat, logConfiguration } = options;
  const logger = await createLogger({ logLevel, logFormat });
  for (const property of ignored) logEvent(logger, property);
  if (logConfiguration !== undefined) {
    logger.warn(
      { logConfiguration },
      'this is for a Java logger and not read; see --log-level and --log-format',
    );
  }
  const daemon = createDaemon(config, (event) => logEvent(logger, event));
  onSignal(() => {
    logger.info('shutting down');
    daemon.stop();
  });
  const { applicationName, streamName, command } = config;
  logger.info({ applicationName, streamName, command: command.join(' ') }, 'running');
  await daemon.run();
};
