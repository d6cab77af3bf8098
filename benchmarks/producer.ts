import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificate } from '../tests/clients/certificate.ts';
import { kplClassPath, startKpl } from './producer-kpl.ts';
import { startClient } from './producer-process.ts';
import type { ProducerClient, ProducerSample } from './producer-sample.ts';
import { startServerProcess } from './server-process.ts';
import { makeStream, median, number, STREAM, withConnection } from './workloads.ts';

const SHARDS = 8;
const MIB = 2 ** 20;
/** Records of a producer that are not settled: as many as our buffer holds by default, of either library. */
const OUTSTANDING_MAX = 100_000;
const OUTSTANDING_BYTES_MAX = 64 * MIB;

interface Way {
  readonly name: string;
  /** Of producer-client.ts. */
  readonly way?: string;
  /** In the small mode too. */
  readonly small?: boolean;
  /** Of the Kinesis Producer Library. */
  readonly kpl?: Readonly<Record<string, number | boolean>>;
  readonly tls?: boolean;
}

const UNLIMITED = { RateLimit: 1_000_000 };
const WAYS: readonly Way[] = [
  { name: 'producer, aggregating, TLS', way: 'aggregating', tls: true, small: true },
  { name: 'producer, aggregating', way: 'aggregating' },
  { name: 'producer, aggregation off', way: 'single', small: true },
  { name: 'SDK, PutRecords of 500, TLS', way: 'put-records', tls: true, small: true },
  { name: 'SDK, PutRecords of 500', way: 'put-records' },
  { name: 'SDK, PutRecord', way: 'put-record' },
  { name: 'KPL, aggregating, TLS', kpl: UNLIMITED, small: true },
  { name: 'KPL, aggregation off, TLS', kpl: { ...UNLIMITED, AggregationEnabled: false } },
  { name: 'producer, defaults, TLS', way: 'defaults', tls: true },
  { name: 'KPL, defaults, TLS', kpl: {} },
];

interface Place {
  readonly port: number;
  readonly ca: string;
  readonly classPath: string | undefined;
}

const start = async ({ way, kpl, tls }: Way, { port, ca, classPath }: Place, bytes: number) => {
  const outstandingMax = Math.min(OUTSTANDING_MAX, Math.floor(OUTSTANDING_BYTES_MAX / bytes));
  if (kpl !== undefined && classPath !== undefined)
    return startKpl({ classPath, port, ca, bytes, outstandingMax, settings: kpl });
  const endpoint = `${tls ? 'https' : 'http'}://localhost:${port}`;
  return startClient({ way: way ?? '', endpoint, bytes, outstandingMax }, ca);
};

const middle = (samples: readonly ProducerSample[]): ProducerSample => {
  const of = (key: keyof ProducerSample): number => median(samples.map((sample) => sample[key]));
  return {
    recordsPerSecond: of('recordsPerSecond'),
    cpuMicrosPerRecord: of('cpuMicrosPerRecord'),
    residentBytesMax: of('residentBytesMax'),
  };
};

/** Rounds alternate between the clients; the first warms up. */
const measure = async (
  clients: readonly ProducerClient[],
  rounds: number,
  seconds: number,
): Promise<ProducerSample[]> => {
  const samples: ProducerSample[][] = clients.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, client] of clients.entries()) {
      const sample = await client.round(seconds);
      if (round > 0) samples[index]?.push(sample);
    }
  }
  return samples.map(middle);
};

const print = (name: string, sample: ProducerSample, base: ProducerSample): void => {
  const columns = [
    `${number(sample.recordsPerSecond)} records/s`,
    `${(sample.recordsPerSecond / base.recordsPerSecond).toFixed(2)} x`,
    `${sample.cpuMicrosPerRecord.toFixed(2)} µs CPU/record`,
    `${(sample.cpuMicrosPerRecord / base.cpuMicrosPerRecord).toFixed(2)} x`,
    `${Math.round(sample.residentBytesMax / MIB)} MiB`,
  ];
  const widths = [20, 9, 22, 9, 10];
  const line = columns.map((column, index) => column.padStart(widths[index] ?? 0)).join('');
  process.stdout.write(`  ${name.padEnd(30)}${line}\n`);
};

const compare = async (
  all: readonly Way[],
  place: Place,
  bytes: number,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<void> => {
  const ways = all.filter(({ kpl }) => kpl === undefined || place.classPath !== undefined);
  process.stdout.write(`\nproducers: records of ${bytes} B, ${SHARDS} shards; beside the first row\n`);
  const clients: ProducerClient[] = [];
  try {
    for (const way of ways) clients.push(await start(way, place, bytes));
    const samples = await measure(clients, rounds, seconds);
    for (const [index, sample] of samples.entries()) {
      print(ways[index]?.name ?? '', sample, samples[0] ?? sample);
    }
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
};

/** What does putting cost, by our library, the plain SDK and the Java library? CPU and memory are the client's. */
export const producer = async ({ small }: { small: boolean }): Promise<void> => {
  const length = small ? { rounds: 1, seconds: 0.1 } : { rounds: 3, seconds: 1 };
  const ways = WAYS.filter((way) => way.small || !small);
  const folder = await mkdtemp(join(tmpdir(), 'millrace-producers-'));
  const certificate = await makeCertificate(folder);
  const { classPath, reason } = await kplClassPath();
  const server = await startServerProcess('durable', undefined, certificate);
  try {
    if (reason !== undefined) process.stdout.write(`\n  KPL: ${reason}\n`);
    await withConnection(server.port, (connection) => makeStream(connection, STREAM, SHARDS));
    for (const bytes of small ? [100] : [100, 1_000]) {
      await compare(ways, { port: server.port, ca: certificate.tlsCert, classPath }, bytes, length);
    }
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
};
