import { constants } from 'node:os';
import type { Settings } from '../config/settings.ts';
import { createLogger } from '../logging.ts';
import { startServer } from '../start.ts';

/** Requests under way when the signal comes may take this long before their connections are cut. */
const DRAIN_MS = 10_000;

/** Resolves with the first signal that asks the process to end. */
const endSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });

/** Serves until a signal, then drains. A second signal ends the process at once. */
export const serve = async (settings: Settings): Promise<void> => {
  const ending = endSignal();
  const logger = await createLogger(settings);
  const server = await startServer(settings, logger);
  process.stdout.write(`Millrace is ready at ${server.endpoint}\n`);
  const signal = await ending;
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
  logger.info({ signal }, 'draining');
  await server.close(DRAIN_MS);
};
