import { DEFAULTS, type Settings } from './config/settings.ts';
import { createLogger } from './logging.ts';
import { startServer } from './start.ts';

export { DEFAULTS, type Settings, type StreamToMake } from './config/settings.ts';
export { type Parts, type RunningServer, startServer } from './start.ts';

export interface Millrace {
  /** Give it to any AWS client: `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * A server inside this process, for tests: a free port and everything in memory unless the options say
 * otherwise. They are those of `millrace serve`.
 *
 * ```ts
 * const millrace = await start({ stream: [{ name: 'orders', shardCount: 2 }] });
 * const kinesis = new KinesisClient({ endpoint: millrace.endpoint, region: 'us-east-1', credentials });
 * // …
 * await millrace.close();
 * ```
 */
export const start = async (options: Partial<Settings> = {}): Promise<Millrace> => {
  const settings: Settings = { ...DEFAULTS, port: 0, dataDir: ':memory:', logLevel: 'error', ...options };
  const server = await startServer(settings, await createLogger(settings));
  return { endpoint: server.endpoint, close: () => server.close(0) };
};
