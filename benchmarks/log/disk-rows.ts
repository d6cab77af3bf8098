import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runLoad } from '../load.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { call, makeStream, putRecordsLoad, STREAM, withConnection } from '../workloads.ts';
import { megabytes, type Row } from './row.ts';

const FREED_DEADLINE_MS = 60_000;

/** What the files below the directory hold, in bytes. Those that go meanwhile count nothing. */
const bytesBelow = async (directory: string): Promise<number> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    if (!entry.isFile()) return 0;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    return found?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
};

const load = putRecordsLoad();

/** Data and keys of the records put. */
const fill = async ({ port }: ServerProcess, seconds: number, shardCount: number): Promise<number> => {
  await withConnection(port, (connection) => makeStream(connection, STREAM, shardCount));
  const { requests } = await runLoad(port, { ...load, seconds });
  return requests * load.recordsPerRequest * (load.recordBytes + 'customer-00000'.length);
};

const writtenRow = (shardCount: number): Row => ({
  question: `bytes written per byte stored, ${shardCount} shards, store closed after it`,
  toReach: 'no more than 2.1',
  async measure({ small }) {
    const server = await startServerProcess('durable');
    const filling = fill(server, small ? 0.2 : 10, shardCount);
    await Promise.allSettled([filling]);
    const usage = await server.close();
    const stored = await filling;
    return `${((usage?.bytesWritten ?? Number.NaN) / stored).toFixed(2)} of ${megabytes(stored)}`;
  },
});

const freedRow: Row = {
  question: 'space of a deleted stream is given back',
  toReach: 'within a minute',
  async measure({ small }) {
    const server = await startServerProcess('durable');
    try {
      await fill(server, small ? 0.2 : 10, 50);
      const before = await bytesBelow(join(server.dataDir, 'logs'));
      const started = performance.now();
      await withConnection(server.port, (connection) =>
        call(connection, 'DeleteStream', { StreamName: STREAM }),
      );
      let left = before;
      while (left > before / 100 + 1e6 && performance.now() < started + FREED_DEADLINE_MS) {
        await pause(10);
        left = await bytesBelow(join(server.dataDir, 'logs'));
      }
      return `${megabytes(before - left)} of ${megabytes(before)} in ${((performance.now() - started) / 1000).toFixed(1)} s`;
    } finally {
      await server.close();
    }
  },
};

export const DISK_ROWS: readonly Row[] = [writtenRow(50), writtenRow(1_000), freedRow];
