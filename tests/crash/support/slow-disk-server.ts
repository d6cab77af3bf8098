/** A server whose disk takes long to make things safe, with bounds that a test can fill. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Disk, DiskFile } from '@millrace/core';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { DEFAULTS, startServer } from '@millrace/server';
import { pino } from 'pino';
import { SLOW_LIMITS, SYNC_MS } from './slow-limits.ts';

/** Everything as it is, but `slow` has its time before the named calls. */
const delayed = <Part extends object>(
  part: Part,
  name: keyof Part,
  wrap: (result: unknown) => unknown,
): Part =>
  new Proxy(part, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...given: unknown[]) => unknown;
      return property === name ? (...given: unknown[]) => wrap(method(...given)) : method;
    },
  });

const slowFile = (file: DiskFile): DiskFile =>
  delayed(file, 'sync', async (synced) => {
    await pause(SYNC_MS);
    await synced;
  });

const slowDisk = (disk: Disk): Disk =>
  delayed(disk, 'open', async (file) => slowFile(await (file as Promise<DiskFile>)));

const dataDir = process.argv[process.argv.indexOf('--data-dir') + 1] ?? '';
const server = await startServer(
  { ...DEFAULTS, port: 0, dataDir },
  pino({ level: 'warn' }, pino.destination(2)),
  {
    openLog: ({ disk, ...options }) =>
      openEmbeddedLog({ ...options, disk: slowDisk(disk), limits: SLOW_LIMITS }),
  },
);
process.stdout.write(`Millrace is ready at ${server.endpoint}\n`);
process.once('SIGTERM', () => void server.close(10_000));
