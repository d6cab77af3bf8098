import { setTimeout as pause } from 'node:timers/promises';
import { openConnection } from '../load.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { makeStream, type PutLoad, putRecordsLoad, STREAM, withConnection } from '../workloads.ts';
import { megabytes, megabytesPerSecond, percent, type Row } from './row.ts';

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

/** Counts of records, and of requests that got no answer about theirs. */
interface Outcome {
  taken: number;
  throttled: number;
  turnedAway: number;
}

/** Puts without a pause, and comes again when it is turned away. */
const insist = async (port: number, load: PutLoad, endMs: number, outcome: Outcome): Promise<void> => {
  const [request = Buffer.alloc(0)] = load.requests;
  while (performance.now() < endMs) {
    const connection = await openConnection(port);
    try {
      while (performance.now() < endMs) {
        const answer = await connection.call(request);
        const throttled = Number(/"FailedRecordCount":(\d+)/.exec(String(answer))?.[1]);
        outcome.taken += load.recordsPerRequest - throttled;
        outcome.throttled += throttled;
      }
    } catch {
      outcome.turnedAway += 1;
    }
    connection.end();
  }
};

const insistAll = async (port: number, load: PutLoad, seconds: number): Promise<Outcome> => {
  const outcome = { taken: 0, throttled: 0, turnedAway: 0 };
  const endMs = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: load.connections }, () => insist(port, load, endMs, outcome)));
  return outcome;
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
      const seconds = small ? 0.2 : 20;
      const running = insistAll(server.port, load, seconds);
      const peak = await peakBytesDuring(server, running);
      const { taken, throttled, turnedAway } = await running;
      const rate = megabytesPerSecond(taken * load.recordBytes, seconds * 1000);
      const refused = `${percent(throttled, taken + throttled)} of records throttled, ${turnedAway} requests turned away`;
      return `${megabytes(peak)} at the most, ${megabytes(idle)} idle; ${rate}, ${refused}`;
    } finally {
      await server.close();
    }
  },
};
