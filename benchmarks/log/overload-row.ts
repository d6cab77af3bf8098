import { setTimeout as pause } from 'node:timers/promises';
import { runLoad } from '../load.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { makeStream, putRecordsLoad, STREAM, withConnection } from '../workloads.ts';
import { megabytes, megabytesPerSecond, type Row } from './row.ts';

const SAMPLE_MS = 100;

/** The most memory seen while the work is under way. */
const peakBytesDuring = async (server: ServerProcess, work: Promise<unknown>): Promise<number> => {
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  let peak = 0;
  while (!isOver) {
    peak = Math.max(peak, (await server.usage()).residentBytes);
    await Promise.race([over, pause(SAMPLE_MS)]);
  }
  await over;
  return peak;
};

/** Far more in flight than the machine can take: 128 callers with a request of 5 MB each. */
export const OVERLOAD_ROW: Row = {
  question: 'memory under overload, 128 connections with 5 MB each',
  toReach: 'bounded',
  async measure({ small }) {
    const server = await startServerProcess('durable');
    try {
      await withConnection(server.port, (connection) => makeStream(connection, STREAM, 50));
      const idle = (await server.usage()).residentBytes;
      const load = putRecordsLoad(10_000, small ? 4 : 128);
      const requests = load.requests.slice(0, small ? 1 : 4);
      const running = runLoad(server.port, { ...load, requests, seconds: small ? 0.2 : 20 });
      const peak = await peakBytesDuring(server, running);
      const done = await running;
      const rate = megabytesPerSecond(
        done.requests * load.recordsPerRequest * load.recordBytes,
        done.seconds * 1000,
      );
      return `${megabytes(peak)} at the most, ${megabytes(idle)} idle, at ${rate}`;
    } finally {
      await server.close();
    }
  },
};
