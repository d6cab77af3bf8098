import { failover } from './consumer-failover.ts';
import { makeLeases } from './consumer-leases.ts';
import { type ClientWords, ConsumerProcess, type ConsumerSample } from './consumer-process.ts';
import { type FilledStream, fillStream, pageRate, SHARDS } from './consumer-streams.ts';
import { kclClassPath } from './kcl/class-path.ts';
import { startServerProcess } from './server-process.ts';
import { number } from './workloads.ts';

/** The least that the Java library allows between two reads of a shard; ours then has the same. */
const IDLE_MS = 200;
const FAILOVER_MS = 2_000;
const SMALL_FAILOVER_MS = 600;
/** This part of the records warms up. */
const WARM_PART = 0.3;
const MIB = 2 ** 20;

const STREAMS: readonly FilledStream[] = [
  { name: 'raw-100', recordBytes: 100, isAggregated: false, recordCount: 400_000 },
  { name: 'raw-1000', recordBytes: 1_000, isAggregated: false, recordCount: 200_000 },
  { name: 'aggregated-100', recordBytes: 100, isAggregated: true, recordCount: 600_000 },
  { name: 'aggregated-1000', recordBytes: 1_000, isAggregated: true, recordCount: 200_000 },
];
const SMALL_STREAMS: readonly FilledStream[] = [
  { name: 'raw-100', recordBytes: 100, isAggregated: false, recordCount: 20_000 },
];

interface Way {
  readonly name: string;
  readonly isKcl?: boolean;
  readonly words: Readonly<Record<string, string>>;
}

const NO_PAUSE = { settings: JSON.stringify({ readPauseMs: 0 }) };
/** The first is the measure of the others: the Java library's, where it can be had. */
const WAYS: readonly Way[] = [
  { name: 'KCL, polling', isKcl: true, words: { retrieval: 'polling' } },
  { name: 'KCL, fan-out', isKcl: true, words: { retrieval: 'fanOut' } },
  { name: 'processors, polling', words: { settings: JSON.stringify({ readPauseMs: IDLE_MS }) } },
  { name: 'processors, polling without pause', words: NO_PAUSE },
  { name: 'processors, fan-out', words: { settings: JSON.stringify({ retrieval: 'fanOut' }) } },
  { name: 'run, polling without pause', words: { ...NO_PAUSE, form: 'run' } },
];
const SMALL_WAYS = new Set(['KCL, polling', 'processors, fan-out', 'run, polling without pause']);

const words = (port: number, stream: FilledStream, turn: number): ClientWords => ({
  endpoint: `http://127.0.0.1:${port}`,
  stream: stream.name,
  application: `${stream.name}-${turn}`,
  worker: 'only',
  failoverMs: FAILOVER_MS,
  idleMs: IDLE_MS,
  warmRecords: Math.round(stream.recordCount * WARM_PART),
  totalRecords: stream.recordCount,
});

const measure = async (given: ClientWords, classPath: string | undefined): Promise<ConsumerSample> => {
  await makeLeases(Number(new URL(given.endpoint).port), given.stream, given.application);
  const client = new ConsumerProcess(given, classPath);
  try {
    return await client.done();
  } finally {
    await client.kill();
  }
};

const print = (name: string, columns: readonly string[]): void => {
  process.stdout.write(`  ${name.padEnd(36)}${columns.map((column) => column.padStart(21)).join('')}\n`);
};

const printSample = (name: string, sample: ConsumerSample, base: ConsumerSample): void => {
  const rate = ({ records, seconds }: ConsumerSample): number => records / seconds;
  const cpu = ({ records, cpuSeconds }: ConsumerSample): number => (cpuSeconds * 1e6) / records;
  print(name, [
    `${number(rate(sample))} records/s`,
    `${(rate(sample) / rate(base)).toFixed(2)} x`,
    `${cpu(sample).toFixed(2)} µs CPU/record`,
    `${(cpu(sample) / cpu(base)).toFixed(2)} x`,
    `${Math.round(sample.residentBytesMax / MIB)} MiB`,
    `${(sample.residentBytesMax / base.residentBytesMax).toFixed(2)} x`,
  ]);
};

const readStream = async (
  port: number,
  stream: FilledStream,
  ways: readonly Way[],
  classPath: string | undefined,
): Promise<void> => {
  await fillStream(port, stream);
  const kind = stream.isAggregated ? 'aggregated' : 'raw';
  process.stdout.write(
    `\nconsumers: ${number(stream.recordCount)} records of ${stream.recordBytes} B, ${kind}\n`,
  );
  for (const format of ['JSON', 'CBOR'] as const) {
    print(`pages not taken apart, ${format}`, [`${number(await pageRate(port, stream, format))} records/s`]);
  }
  let base: ConsumerSample | undefined;
  for (const [turn, way] of ways.entries()) {
    const given = { ...words(port, stream, turn), ...way.words };
    const sample = await measure(given, way.isKcl === true ? classPath : undefined);
    base ??= sample;
    printSample(way.name, sample, base);
  }
};

/** What does reading with leases cost, beside the Java library? CPU and memory are the client's alone. */
export const consumer = async ({ small }: { small: boolean }): Promise<void> => {
  const { classPath, reason } = await kclClassPath();
  const ways = WAYS.filter(({ name, isKcl }) => (!small || SMALL_WAYS.has(name)) && (!isKcl || classPath));
  const server = await startServerProcess('durable');
  try {
    process.stdout.write(
      `\nconsumers: ${SHARDS} shards, one worker, at least ${IDLE_MS} ms between two reads of a shard`,
    );
    process.stdout.write(` unless it says without pause; beside the first row\n`);
    if (reason !== undefined) process.stdout.write(`  KCL: ${reason}\n`);
    for (const stream of small ? SMALL_STREAMS : STREAMS)
      await readStream(server.port, stream, ways, classPath);
    await failover({
      port: server.port,
      failoverMs: small ? SMALL_FAILOVER_MS : FAILOVER_MS,
      classPath,
      small,
    });
  } finally {
    await server.close();
  }
};
