import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startServerProcess } from './server-process.ts';
import { makeStream, median, number, STREAM, withConnection } from './workloads.ts';

export interface ProducerSample {
  readonly recordsPerSecond: number;
  readonly cpuMicrosPerRecord: number;
}

const SHARDS = 8;
const RECORD_BYTES = [100, 1_000];

/** Ways of producer-client.ts; the first is the measure of the others. */
const WAYS: Readonly<Record<string, string>> = {
  'put-records': 'SDK, PutRecords of 500',
  'put-record': 'SDK, PutRecord',
  aggregating: 'producer, aggregating',
  single: 'producer, aggregation off',
};

const runClient = async (...args: readonly (string | number)[]): Promise<readonly ProducerSample[]> => {
  const child = fork(new URL('./producer-client.ts', import.meta.url), args.map(String));
  const exited = once(child, 'exit').then((): never => {
    throw new Error(`the client ended early: ${args.join(' ')}`);
  });
  try {
    const [samples] = await Promise.race([once(child, 'message'), exited]);
    return samples;
  } finally {
    child.kill();
    await exited.catch(() => {});
  }
};

const middle = (samples: readonly ProducerSample[]): ProducerSample => ({
  recordsPerSecond: median(samples.map(({ recordsPerSecond }) => recordsPerSecond)),
  cpuMicrosPerRecord: median(samples.map(({ cpuMicrosPerRecord }) => cpuMicrosPerRecord)),
});

const print = (
  name: string,
  { recordsPerSecond, cpuMicrosPerRecord }: ProducerSample,
  base: number,
): void => {
  const columns = [
    name.padEnd(28),
    `${number(recordsPerSecond)} records/s`.padStart(20),
    `${cpuMicrosPerRecord.toFixed(1)} µs CPU/record`.padStart(22),
    `${(recordsPerSecond / base).toFixed(2)} x`.padStart(10),
  ];
  process.stdout.write(`  ${columns.join('')}\n`);
};

/** What does the producer library give and cost, beside the plain SDK? The CPU is the client's alone. */
export const producer = async ({ small }: { small: boolean }): Promise<void> => {
  const [rounds, seconds] = small ? [1, 0.1] : [3, 1];
  const server = await startServerProcess('durable');
  try {
    await withConnection(server.port, (connection) => makeStream(connection, STREAM, SHARDS));
    for (const bytes of RECORD_BYTES) {
      process.stdout.write(
        `\nclients: records of ${bytes} B, ${SHARDS} shards; beside the SDK's PutRecords\n`,
      );
      let base: number | undefined;
      for (const [way, name] of Object.entries(WAYS)) {
        const sample = middle(
          await runClient(way, `http://127.0.0.1:${server.port}`, bytes, rounds, seconds),
        );
        base ??= sample.recordsPerSecond;
        print(name, sample, base);
      }
    }
  } finally {
    await server.close();
  }
};
