import { setTimeout as pause } from 'node:timers/promises';
import { openConnection, requestBytes } from './load.ts';

export type Connection = Awaited<ReturnType<typeof openConnection>>;

export const STREAM = 'bench';
const ACTIVE_DEADLINE_MS = 60_000;

export const number = (value: number): string => Math.round(value).toLocaleString('en');

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export const call = async (connection: Connection, operation: string, body: object) =>
  JSON.parse(String(await connection.call(requestBytes(operation, body))) || '{}');

export const makeStream = async (
  connection: Connection,
  StreamName: string,
  ShardCount: number,
): Promise<void> => {
  await call(connection, 'CreateStream', { StreamName, ShardCount });
  const deadline = performance.now() + ACTIVE_DEADLINE_MS;
  const describe = () => call(connection, 'DescribeStreamSummary', { StreamName });
  while ((await describe()).StreamDescriptionSummary.StreamStatus !== 'ACTIVE') {
    if (performance.now() > deadline) throw new Error(`${StreamName} did not become active`);
    await pause(5);
  }
};

export const withConnections = async <Result>(
  port: number,
  count: number,
  work: (connections: readonly Connection[]) => Promise<Result>,
): Promise<Result> => {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)));
  try {
    return await work(connections);
  } finally {
    for (const connection of connections) connection.end();
  }
};

export const withConnection = <Result>(
  port: number,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> => withConnections(port, 1, ([connection]) => work(connection as Connection));

/** What is put again and again, by so many connections with one request under way each. */
export interface PutLoad {
  readonly name: string;
  readonly connections: number;
  readonly recordsPerRequest: number;
  readonly recordBytes: number;
  readonly requests: readonly Buffer[];
}

const dataOf = (bytes: number): string => Buffer.alloc(bytes, 'millrace').toString('base64');

/** Bodies differ in their partition keys, so that records spread over the shards as they do in life. */
const bodies = (count: number, make: (key: () => string) => Buffer): Buffer[] => {
  let keys = 0;
  return Array.from({ length: count }, () => make(() => `customer-${keys++}`));
};

export const putRecordsLoad = (recordBytes = 1000, connections = 8, StreamName = STREAM): PutLoad => {
  const Data = dataOf(recordBytes);
  const records = (key: () => string) => Array.from({ length: 500 }, () => ({ PartitionKey: key(), Data }));
  return {
    name: `PutRecords, 500 x ${recordBytes / 1000} KB, ${connections} connections`,
    connections,
    recordsPerRequest: 500,
    recordBytes,
    requests: bodies(32, (key) => requestBytes('PutRecords', { StreamName, Records: records(key) })),
  };
};

export const putRecordLoad = (): PutLoad => {
  const Data = dataOf(100);
  return {
    name: 'PutRecord, 100 B, 32 connections',
    connections: 32,
    recordsPerRequest: 1,
    recordBytes: 100,
    requests: bodies(1000, (key) =>
      requestBytes('PutRecord', { StreamName: STREAM, PartitionKey: key(), Data }),
    ),
  };
};
