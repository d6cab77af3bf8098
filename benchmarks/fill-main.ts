import type { LogEngine, LogId } from '@millrace/log';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { DEFAULTS, startServer } from '@millrace/server';
import { pino } from 'pino';
import type { Filling } from './filled-store.ts';
import { makeStream, STREAM, withConnection } from './workloads.ts';

const RECORDS_PER_APPEND = 500;
const APPENDS_AT_ONCE = 16;
/** Shards' logs are named by stream and shard; those of the control plane are not. */
const SHARD_LOG_FORM = /^[0-9a-f]{16}-\d+$/;

const fillLogs = async (engine: LogEngine, logs: readonly LogId[], { bytes, recordBytes }: Filling) => {
  const value = Buffer.alloc(recordBytes, 'millrace');
  const entries = Array.from({ length: RECORDS_PER_APPEND }, (_, index) => ({
    key: `customer-${index}`,
    value,
  }));
  let left = bytes;
  let turn = 0;
  const feed = async (): Promise<void> => {
    while (left > 0) {
      left -= RECORDS_PER_APPEND * recordBytes;
      await engine.append(logs[turn++ % logs.length] as LogId, entries);
    }
  };
  await Promise.all(Array.from({ length: APPENDS_AT_ONCE }, feed));
};

/** The server makes the stream; then its engine is fed directly. */
const fillStore = async (dataDir: string, filling: Filling): Promise<void> => {
  const opened = Promise.withResolvers<LogEngine>();
  const server = await startServer({ ...DEFAULTS, port: 0, dataDir }, pino({ level: 'error' }), {
    openLog: async (options) => {
      const engine = await openEmbeddedLog(options);
      opened.resolve(engine);
      return engine;
    },
  });
  const engine = await opened.promise;
  const shardLogs = async () => (await engine.logs()).filter((id) => SHARD_LOG_FORM.test(id));
  if ((await shardLogs()).length === 0) {
    await withConnection(Number(new URL(server.endpoint).port), (connection) =>
      makeStream(connection, STREAM, filling.shardCount),
    );
  }
  await fillLogs(engine, await shardLogs(), filling);
  if (filling.isKilled === true) process.kill(process.pid, 'SIGKILL');
  await server.close(0);
};

const [dataDir = '', filling = ''] = process.argv.slice(2);
await fillStore(dataDir, JSON.parse(filling));
process.exit();
