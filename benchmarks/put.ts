import { setTimeout as pause } from 'node:timers/promises';
import { openConnection, requestBytes, runLoad } from './load.ts';
import { type ServerKind, startServerProcess } from './server-process.ts';

const STREAM = 'bench';
const SHARDS = 50;

interface Question {
  readonly name: string;
  readonly connections: number;
  readonly recordsPerRequest: number;
  readonly recordBytes: number;
  readonly requests: readonly Buffer[];
}

/** Bodies differ in their partition keys, so that records spread over the shards as they do in life. */
const bodies = (count: number, make: (key: () => string) => Buffer): Buffer[] => {
  let keys = 0;
  return Array.from({ length: count }, () => make(() => `customer-${keys++}`));
};

const dataOf = (bytes: number): string => Buffer.alloc(bytes, 'millrace').toString('base64');

const QUESTIONS: readonly Question[] = [
  {
    name: 'PutRecords, 500 x 1 KB, 8 connections, 50 shards',
    connections: 8,
    recordsPerRequest: 500,
    recordBytes: 1000,
    requests: bodies(32, (key) =>
      requestBytes('PutRecords', {
        StreamName: STREAM,
        Records: Array.from({ length: 500 }, () => ({ PartitionKey: key(), Data: dataOf(1000) })),
      }),
    ),
  },
  {
    name: 'PutRecord, 100 B, 32 connections, 50 shards',
    connections: 32,
    recordsPerRequest: 1,
    recordBytes: 100,
    requests: bodies(1000, (key) =>
      requestBytes('PutRecord', { StreamName: STREAM, PartitionKey: key(), Data: dataOf(100) }),
    ),
  },
];

const makeStream = async (port: number): Promise<void> => {
  const connection = await openConnection(port);
  await connection.call(requestBytes('CreateStream', { StreamName: STREAM, ShardCount: SHARDS }));
  const describe = requestBytes('DescribeStreamSummary', { StreamName: STREAM });
  while (!(await connection.call(describe)).includes('"ACTIVE"')) await pause(5);
  connection.end();
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Rounds alternate between the two servers, so that a slow moment of the machine meets both. */
const measure = async (question: Question, rounds: number, seconds: number) => {
  const kinds: readonly ServerKind[] = ['floor', 'durable'];
  const servers = await Promise.all(
    kinds.map(async (kind) => ({ kind, server: await startServerProcess(kind), rates: [] as number[] })),
  );
  try {
    for (const { server } of servers) await makeStream(server.port);
    for (let round = 0; round <= rounds; round++) {
      for (const { server, rates } of servers) {
        const load = await runLoad(server.port, { ...question, seconds });
        // The first round warms both up.
        if (round > 0) rates.push((load.requests * question.recordsPerRequest) / load.seconds);
      }
    }
  } finally {
    await Promise.all(servers.map(({ server }) => server.close()));
  }
  return servers.map(({ kind, rates }) => ({ kind, recordsPerSecond: median(rates) }));
};

/** What does it cost to keep the records? Throughput beside the floor: the same server, storing nothing. */
export const put = async ({ small }: { small: boolean }): Promise<void> => {
  for (const question of QUESTIONS) {
    const results = await measure(question, small ? 1 : 5, small ? 0.3 : 2);
    const floor = results.find(({ kind }) => kind === 'floor')?.recordsPerSecond ?? 0;
    process.stdout.write(`\n${question.name}\n`);
    for (const { kind, recordsPerSecond } of results) {
      const megabytes = (recordsPerSecond * question.recordBytes) / 1e6;
      const line = [
        kind.padEnd(8),
        `${Math.round(recordsPerSecond).toLocaleString('en')} records/s`.padStart(20),
        `${megabytes.toFixed(1)} MB/s`.padStart(12),
        `${((100 * recordsPerSecond) / floor).toFixed(0)} % of the floor`.padStart(20),
      ];
      process.stdout.write(`  ${line.join('')}\n`);
    }
  }
};
