/**
 * One client that puts records as fast as it can, in a process of its own: a round for each number of seconds that it
 * is told. Its argument is the JSON of `ClientOptions`.
 */
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createProducer, type Producer, type Settings, type UserRecord } from '@millrace/producer';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ClientOptions } from './producer-process.ts';
import type { ProducerSample } from './producer-sample.ts';
import { STREAM } from './workloads.ts';

const RECORDS_PER_CALL = 500;
const CALLS_AT_ONCE = 8;
const SINGLE_CALLS_AT_ONCE = 32;
const KEYS = 10_000;

const options: ClientOptions = JSON.parse(process.argv[2] ?? '{}');

interface Load {
  readonly records: Iterator<UserRecord, never>;
  readonly isOver: () => boolean;
}

/** Puts until it is over, and says how many records were acknowledged. */
type Round = (load: Load) => Promise<number>;

function* endlessRecords(): Generator<UserRecord, never> {
  const data = Buffer.alloc(options.bytes, 'millrace');
  const keys = Array.from({ length: KEYS }, (_, key) => `customer-${key}`);
  for (;;) for (const partitionKey of keys) yield { partitionKey, data };
}

const address = {
  endpoint: options.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
};

/** Nothing may fail in a benchmark, tried again or not. */
const failIfFailed = (producer: Producer): void => {
  const codes = producer.metrics().filter(({ name }) => name === 'ErrorsByCode');
  const failed = codes.map(({ errorCode, statistics }) => `${statistics.count} x ${errorCode}`);
  if (failed.length > 0) throw new Error(`records failed: ${failed.join(', ')}`);
};

const viaProducer = (settings: Partial<Settings>): Round => {
  const bufferRecordsMax = options.outstandingMax;
  const producer = createProducer({ ...address, streamName: STREAM, bufferRecordsMax, ...settings });
  return async ({ records, isOver }) => {
    let count = 0;
    for (; !isOver(); count++) await producer.admit(records.next().value);
    await producer.flush();
    failIfFailed(producer);
    return count;
  };
};

const unlimited = { rateLimitPercent: Number.POSITIVE_INFINITY };

type Call = (kinesis: KinesisClient, records: Load['records']) => Promise<number>;

/** So many calls under way, each followed by the next. */
const viaSdk = (callsAtOnce: number, call: Call): Round => {
  const kinesis = new KinesisClient({ ...address, requestHandler: new NodeHttpHandler() });
  return async ({ records, isOver }) => {
    let count = 0;
    const work = async (): Promise<void> => {
      while (!isOver()) {
        const acknowledged = await call(kinesis, records);
        count += acknowledged;
      }
    };
    await Promise.all(Array.from({ length: callsAtOnce }, work));
    return count;
  };
};

const entryOf = ({ partitionKey, data }: UserRecord) => ({ PartitionKey: partitionKey, Data: data });

const putRecords: Call = async (kinesis, records) => {
  const Records = Array.from({ length: RECORDS_PER_CALL }, () => entryOf(records.next().value));
  const answer = await kinesis.send(new PutRecordsCommand({ StreamName: STREAM, Records }));
  return RECORDS_PER_CALL - (answer.FailedRecordCount ?? 0);
};

const putRecord: Call = async (kinesis, records) => {
  await kinesis.send(new PutRecordCommand({ StreamName: STREAM, ...entryOf(records.next().value) }));
  return 1;
};

const WAYS: Readonly<Record<string, () => Round>> = {
  'put-records': () => viaSdk(CALLS_AT_ONCE, putRecords),
  'put-record': () => viaSdk(SINGLE_CALLS_AT_ONCE, putRecord),
  aggregating: () => viaProducer(unlimited),
  single: () => viaProducer({ ...unlimited, aggregation: false }),
  defaults: () => viaProducer({}),
};

const measure = async (round: Round, records: Load['records'], seconds: number): Promise<ProducerSample> => {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + seconds * 1_000;
  const count = await round({ records, isOver: () => performance.now() >= end });
  const { user, system } = process.cpuUsage(cpu);
  return {
    recordsPerSecond: (count * 1_000) / (performance.now() - started),
    cpuMicrosPerRecord: (user + system) / count,
    residentBytesMax: process.resourceUsage().maxRSS * 1024,
  };
};

const round = WAYS[options.way]?.();
if (round === undefined) throw new Error(`no way ${options.way}`);
const records = endlessRecords();
process.on('message', async (seconds: number) => {
  process.send?.(await measure(round, records, seconds));
});
