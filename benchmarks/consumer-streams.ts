import { createProducer, type UserRecord } from '@millrace/producer';
import { openPageReader, PAGE_FORMATS, type PageFormatName } from './page-reader.ts';
import { call, makeStream, putRecordsLoad, withConnection, withConnections } from './workloads.ts';

export const SHARDS = 4;
/** A shorter answer has no records in it. */
const RECORDS_BYTES_MIN = 2_000;

/** A stream to be read from its beginning to its end. */
export interface FilledStream {
  readonly name: string;
  readonly recordBytes: number;
  readonly isAggregated: boolean;
  /** Of the application, however many of the stream that is. */
  readonly recordCount: number;
}

const keyOf = (index: number): string => `customer-${index % 10_000}`;

const fillPlainly = (port: number, { name, recordBytes, recordCount }: FilledStream): Promise<void> => {
  const { requests, connections, recordsPerRequest } = putRecordsLoad(recordBytes, 8, name);
  return withConnections(port, connections, async (open) => {
    let sent = 0;
    const work = async (connection: (typeof open)[number]): Promise<void> => {
      while (sent * recordsPerRequest < recordCount) {
        const request = requests[sent++ % requests.length];
        if (request !== undefined) await connection.call(request);
      }
    };
    await Promise.all(open.map(work));
  });
};

const fillAggregated = async (port: number, stream: FilledStream): Promise<void> => {
  const data = Buffer.alloc(stream.recordBytes, 'millrace');
  await using producer = createProducer({
    streamName: stream.name,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    rateLimitPercent: Number.POSITIVE_INFINITY,
  });
  for (let index = 0; index < stream.recordCount; index++) {
    const record: UserRecord = { partitionKey: keyOf(index), data };
    await producer.admit(record);
  }
};

/** Makes the stream and puts all of its records. */
export const fillStream = async (port: number, stream: FilledStream): Promise<void> => {
  await withConnection(port, (connection) => makeStream(connection, stream.name, SHARDS));
  await (stream.isAggregated ? fillAggregated : fillPlainly)(port, stream);
};

const readShard = async (
  port: number,
  StreamName: string,
  shard: number,
  format: PageFormatName,
): Promise<void> => {
  const ShardId = `shardId-${String(shard).padStart(12, '0')}`;
  const ask = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
  const first = await withConnection(port, (connection) => call(connection, 'GetShardIterator', ask));
  const reader = await openPageReader(port, PAGE_FORMATS[format]);
  try {
    for (let at: string | undefined = first.ShardIterator; at !== undefined; ) {
      const { bytes, next } = await reader.read(at);
      at = bytes < RECORDS_BYTES_MIN ? undefined : next;
    }
  } finally {
    reader.end();
  }
};

/** Records a second of a reader that takes no answer apart: all shards at once, without a pause. */
export const pageRate = async (
  port: number,
  stream: FilledStream,
  format: PageFormatName,
): Promise<number> => {
  const started = performance.now();
  await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) => readShard(port, stream.name, shard, format)),
  );
  return (stream.recordCount * 1e3) / (performance.now() - started);
};
