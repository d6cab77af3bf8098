import { fillStore } from '../filled-store.ts';
import { openPageReader, PAGE_FORMATS, type PageFormatName } from '../page-reader.ts';
import { makeDataDir, removeDataDir, type ServerProcess, startServerProcess } from '../server-process.ts';
import { call, STREAM, withConnection } from '../workloads.ts';
import { megabytes, megabytesPerSecond, type Row } from './row.ts';

const RECORD_BYTES = 1_000;
const SHARD = 'shardId-000000000000';
/** An answer without records is shorter. */
const RECORDS_BYTES_MIN = 2_000;

const withFilledStore = async (
  filling: { readonly shardCount: number; readonly bytes: number; readonly isKilled?: boolean },
  work: (dataDir: string) => Promise<string>,
): Promise<string> => {
  const dataDir = await makeDataDir();
  try {
    await fillStore(dataDir, { ...filling, recordBytes: RECORD_BYTES });
    return await work(dataDir);
  } finally {
    await removeDataDir(dataDir);
  }
};

const oldestIterator = (port: number): Promise<string> =>
  withConnection(port, async (connection) => {
    const ask = { StreamName: STREAM, ShardId: SHARD, ShardIteratorType: 'TRIM_HORIZON' };
    return (await call(connection, 'GetShardIterator', ask)).ShardIterator;
  });

/** From the oldest record to the newest, page after page. */
const readAll = async (port: number, format: PageFormatName, from: string): Promise<void> => {
  const reader = await openPageReader(port, PAGE_FORMATS[format]);
  try {
    for (let at: string | undefined = from; at !== undefined; ) {
      const { bytes, next } = await reader.read(at);
      at = bytes < RECORDS_BYTES_MIN ? undefined : next;
    }
  } finally {
    reader.end();
  }
};

const readTogether = async (server: ServerProcess, format: PageFormatName, readers: number) => {
  const from = await oldestIterator(server.port);
  const before = await server.usage();
  const started = performance.now();
  await Promise.all(Array.from({ length: readers }, () => readAll(server.port, format, from)));
  const tookMs = performance.now() - started;
  return { tookMs, bytesRead: (await server.usage()).bytesRead - before.bytesRead };
};

const readRow = (format: PageFormatName, readers: number, toReach: string): Row => ({
  question: `GetRecords from the oldest on, ${format}, readers of one shard: ${readers}`,
  toReach,
  measure: ({ small }) => {
    const bytes = small ? 5e6 : readers > 4 ? 50e6 : 500e6;
    return withFilledStore({ shardCount: 1, bytes }, async (dataDir) => {
      const server = await startServerProcess('durable', dataDir);
      try {
        const { tookMs, bytesRead } = await readTogether(server, format, readers);
        return `${megabytesPerSecond(bytes * readers, tookMs)} of records; read off the disk ${(bytesRead / bytes).toFixed(2)} times`;
      } finally {
        await server.close();
      }
    });
  },
});

const startRow = (isKilled: boolean, toReach: string): Row => ({
  question: `the server starts on 1,000 shards, ${isKilled ? 'killed with a full journal' : 'closed in order'}`,
  toReach,
  measure: ({ small }) => {
    const bytes = small ? 50e6 : isKilled ? 270e6 : 10e9;
    return withFilledStore({ shardCount: small ? 50 : 1_000, bytes, isKilled }, async (dataDir) => {
      const started = performance.now();
      const server = await startServerProcess('durable', dataDir);
      const tookMs = performance.now() - started;
      const { residentBytes } = await server.usage();
      await server.close();
      return `${megabytes(bytes)} in ${(tookMs / 1000).toFixed(1)} s, ${megabytes(residentBytes)} resident`;
    });
  },
});

export const READ_ROWS: readonly Row[] = [
  readRow('JSON', 1, '300 MB/s'),
  readRow('JSON', 4, '300 MB/s'),
  readRow('CBOR', 4, '300 MB/s'),
  readRow('JSON', 32, 'one reading of the disk'),
  startRow(false, 'in less than 5 s'),
  startRow(true, 'in less than 5 s'),
];
