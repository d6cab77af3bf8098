/**
 * One client that puts records as fast as it can, in a process of its own. Arguments: the way, the endpoint, bytes of
 * a record, rounds, seconds of a round.
 */
import { KinesisClient, PutRecordCommand, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createProducer, type Settings, type UserRecord } from '@millrace/producer';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ProducerSample } from './producer.ts';
import { STREAM } from './workloads.ts';

const RECORDS_PER_CALL = 500;
const CALLS_AT_ONCE = 8;
const SINGLE_CALLS_AT_ONCE = 32;

interface Load {
  readonly endpoint: string;
  readonly records: Iterator<UserRecord>;
  readonly isOver: () => boolean;
}

/** Puts until it is over, and says how many records were acknowledged. */
type Way = (load: Load) => Promise<number>;

function* recordsOf(bytes: number): Generator<UserRecord, never> {
  const data = Buffer.alloc(bytes, 'millrace');
  for (let key = 0; ; key = (key + 1) % 10_000) yield { partitionKey: `customer-${key}`, data };
}

const address = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
});

const viaProducer =
  (settings: Partial<Settings>): Way =>
  async ({ endpoint, records, isOver }) => {
    const rateLimitPercent = Number.POSITIVE_INFINITY;
    const producer = createProducer({
      ...address(endpoint),
      streamName: STREAM,
      rateLimitPercent,
      ...settings,
    });
    let count = 0;
    for (; !isOver(); count++) await producer.admit(records.next().value);
    await producer.close();
    const failed = producer.metrics().find(({ name }) => name === 'AllErrors');
    if (failed !== undefined) throw new Error(`${failed.statistics.count} records failed`);
    return count;
  };

/** So many calls under way, each followed by the next. */
const viaSdk =
  (callsAtOnce: number, call: (kinesis: KinesisClient, records: Load['records']) => Promise<number>): Way =>
  async ({ endpoint, records, isOver }) => {
    const kinesis = new KinesisClient({ ...address(endpoint), requestHandler: new NodeHttpHandler() });
    let count = 0;
    const work = async (): Promise<void> => {
      while (!isOver()) {
        const acknowledged = await call(kinesis, records);
        count += acknowledged;
      }
    };
    await Promise.all(Array.from({ length: callsAtOnce }, work));
    kinesis.destroy();
    return count;
  };

const entryOf = ({ partitionKey, data }: UserRecord) => ({ PartitionKey: partitionKey, Data: data });

const WAYS: Readonly<Record<string, Way>> = {
  aggregating: viaProducer({}),
  single: viaProducer({ aggregation: false }),
  'put-records': viaSdk(CALLS_AT_ONCE, async (kinesis, records) => {
    const Records = Array.from({ length: RECORDS_PER_CALL }, () => entryOf(records.next().value));
    const { FailedRecordCount = 0 } = await kinesis.send(
      new PutRecordsCommand({ StreamName: STREAM, Records }),
    );
    return RECORDS_PER_CALL - FailedRecordCount;
  }),
  'put-record': viaSdk(SINGLE_CALLS_AT_ONCE, async (kinesis, records) => {
    await kinesis.send(new PutRecordCommand({ StreamName: STREAM, ...entryOf(records.next().value) }));
    return 1;
  }),
};

const run = async (way: Way, endpoint: string, bytes: number, seconds: number): Promise<ProducerSample> => {
  const records = recordsOf(bytes);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const end = started + seconds * 1_000;
  const count = await way({ endpoint, records, isOver: () => performance.now() >= end });
  const { user, system } = process.cpuUsage(cpu);
  return {
    recordsPerSecond: (count * 1_000) / (performance.now() - started),
    cpuMicrosPerRecord: (user + system) / count,
  };
};

const [name = '', endpoint = '', bytes, rounds, seconds] = process.argv.slice(2);
const way = WAYS[name];
if (way === undefined) throw new Error(`no way ${name}`);
const samples: ProducerSample[] = [];
// The first round warms up.
for (let round = 0; round <= Number(rounds); round++) {
  samples.push(await run(way, endpoint, Number(bytes), Number(seconds)));
}
process.send?.(samples.slice(1));
