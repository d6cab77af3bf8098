import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AggregateBuilder, deaggregate, type UserRecord } from '@millrace/aggregation';
import { cacheFolder } from '../scripts/clients/cache.ts';
import { installAwsKinesisAgg } from '../scripts/clients/install-aws-kinesis-agg.ts';
import { ClientUnavailable } from '../scripts/clients/unavailable.ts';
import { median, number } from './workloads.ts';

/** What is used of aws-kinesis-agg. Its data are Buffers on the way in, base64 text on the way out. */
interface AwsKinesisAgg {
  readonly RecordAggregator: new () => {
    addUserRecord(record: { partitionKey: string; data: Buffer }): void;
    build(): { data: Buffer };
  };
  deaggregateSync(
    record: { data: string },
    computeChecksums: boolean,
    done: (error: Error | undefined, records?: readonly unknown[]) => void,
  ): void;
}

interface Codec {
  readonly name: string;
  encode(records: readonly UserRecord[]): Uint8Array;
  /** How many user records there were. */
  decode(data: Uint8Array): number;
}

const OURS: Codec = {
  name: '@millrace/aggregation',
  encode(records) {
    const builder = new AggregateBuilder();
    for (const record of records) builder.add(record);
    return builder.build().data;
  },
  decode: (data) => deaggregate({ partitionKey: 'a', data }).records.length,
};

const theirs = ({ RecordAggregator, deaggregateSync }: AwsKinesisAgg): Codec => ({
  name: 'aws-kinesis-agg',
  encode(records) {
    const aggregator = new RecordAggregator();
    for (const { partitionKey, data } of records) {
      aggregator.addUserRecord({ partitionKey, data: data as Buffer });
    }
    return aggregator.build().data;
  },
  decode(data) {
    let count = 0;
    // It takes base64 alone, as Lambda functions get it.
    deaggregateSync({ data: Buffer.from(data).toString('base64') }, true, (error, records = []) => {
      if (error) throw error;
      count = records.length;
    });
    return count;
  },
});

const peers = async (): Promise<Codec[]> => {
  try {
    const say = (line: string): void => void process.stdout.write(`  ${line}\n`);
    const folder = await installAwsKinesisAgg({ cache: cacheFolder(), say });
    return [theirs(createRequire(join(folder, 'any.js'))('aws-kinesis-agg'))];
  } catch (error) {
    if (!(error instanceof ClientUnavailable)) throw error;
    process.stdout.write(`  ${error.message}\n`);
    return [];
  }
};

/** An aggregate of 50 KiB, as the Kinesis Producer Library makes it by default. */
const AGGREGATE_BYTES = 50 * 1024;

const userRecords = (dataBytes: number): UserRecord[] =>
  Array.from({ length: Math.floor(AGGREGATE_BYTES / (dataBytes + 8)) }, (_, index) => ({
    partitionKey: `truck-${index % 50}`,
    data: randomBytes(dataBytes),
  }));

/** User records a second. */
const rate = (recordCount: number, ms: number, work: () => void): number => {
  const beganMs = performance.now();
  let rounds = 0;
  do {
    work();
    rounds++;
  } while (performance.now() - beganMs < ms);
  return (rounds * recordCount * 1_000) / (performance.now() - beganMs);
};

/** How fast are aggregated records written and read? */
export const aggregation = async ({ small }: { small: boolean }): Promise<void> => {
  process.stdout.write('\nAggregated records of 50 KiB, written and read: user records a second\n');
  const codecs = [OURS, ...(await peers())];
  const roundMs = small ? 5 : 400;
  for (const dataBytes of [100, 1_000]) {
    const records = userRecords(dataBytes);
    const data = OURS.encode(records);
    const tasks = codecs.flatMap((codec) => [
      { codec, what: 'write', rates: [] as number[], work: () => void codec.encode(records) },
      { codec, what: 'read', rates: [] as number[], work: () => void codec.decode(data) },
    ]);
    for (const { codec } of tasks) {
      if (codec.decode(data) !== records.length) throw new Error(`${codec.name} lost records`);
    }
    for (let round = 0; round < (small ? 1 : 5); round++) {
      for (const { rates, work } of tasks) rates.push(rate(records.length, roundMs, work));
    }
    for (const { codec, what, rates } of tasks) {
      const ours = tasks.find((task) => task.codec === OURS && task.what === what);
      const ratio = median(rates) / median(ours?.rates ?? []);
      const label = `${dataBytes} B, ${what}`.padEnd(14);
      process.stdout.write(
        `  ${label} ${codec.name.padEnd(22)} ${number(median(rates)).padStart(11)}/s  ${ratio.toFixed(2)}\n`,
      );
    }
  }
};
