import { openEmbeddedLog } from '@millrace/log-embedded';
import { DEFAULTS, type Parts, startServer } from '@millrace/server';
import { pino } from 'pino';
import { countingDisk } from './counting-disk.ts';
import { openForgetfulLog } from './forgetful-log.ts';
import type { ServerKind, Usage } from './server-process.ts';

const [kind, dataDir = '', tls = '{}'] = process.argv.slice(2);
const counts = { bytesRead: 0, bytesWritten: 0 };

const ENGINES: Readonly<Record<ServerKind, NonNullable<Parts['openLog']>>> = {
  durable: (options) => openEmbeddedLog({ ...options, disk: countingDisk(options.disk, counts) }),
  floor: openForgetfulLog,
};

const server = await startServer(
  { ...DEFAULTS, port: 0, dataDir, ...JSON.parse(tls) },
  pino({ level: 'error' }),
  {
    openLog: ENGINES[kind as ServerKind],
  },
);
const usage = (): Usage => ({ ...counts, residentBytes: process.memoryUsage.rss() });

/** Asked by a signal, or told by the end of its parent, which learns what it came to. */
const end = async (): Promise<void> => {
  await server.close(0);
  if (process.connected) process.send?.(usage(), () => process.exit());
  else process.exit();
};
process.once('SIGTERM', end);
process.once('disconnect', end);
process.on('message', () => process.send?.(usage()));
process.send?.(Number(new URL(server.endpoint).port));
