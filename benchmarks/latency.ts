import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { eventsIn } from './event-stream.ts';
import { openConnection, requestBytes, requestHeaders } from './load.ts';
import { startServerProcess } from './server-process.ts';

const STREAM = 'bench';
const RECORDS_PER_SECOND = 1_000;
const TICK_MS = 5;
const CONNECTIONS = 16;
const SHARD = 'shardId-000000000000';
/** What AWS lets a shard be polled: five times a second. */
const POLL_MS = 200;

type Connection = Awaited<ReturnType<typeof openConnection>>;
type Heard = (sentAtMs: number) => void;

interface Answered {
  readonly Records: readonly { readonly Data: string }[];
  readonly NextShardIterator?: string;
}

const callFor = (connection: Connection) => async (operation: string, body: object) =>
  JSON.parse(String(await connection.call(requestBytes(operation, body))) || '{}');

/** Data are the time at which they were sent. */
const hear = ({ Records }: Answered, heard: Heard): void => {
  for (const { Data } of Records) heard(Number(Buffer.from(Data, 'base64').toString()));
};

/** One reading of the shard from now on, until it is stopped. */
interface Reader {
  readonly name: string;
  readonly start: (port: number, heard: Heard) => Promise<() => Promise<void>>;
}

const subscribe = async (port: number, heard: Heard): Promise<() => Promise<void>> => {
  const connection = await openConnection(port);
  const call = callFor(connection);
  const { StreamDescriptionSummary } = await call('DescribeStreamSummary', { StreamName: STREAM });
  const { StreamARN } = StreamDescriptionSummary;
  const { Consumer } = await call('RegisterStreamConsumer', { StreamARN, ConsumerName: 'latency' });
  const { ConsumerARN } = Consumer;
  const describe = () => call('DescribeStreamConsumer', { ConsumerARN });
  while ((await describe()).ConsumerDescription.ConsumerStatus !== 'ACTIVE') await pause(1);
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const sending = request(
    { port, host: '127.0.0.1', method: 'POST', headers: requestHeaders('SubscribeToShard') },
    (response) => {
      resolve();
      response.on(
        'data',
        eventsIn((event) => hear(event as Answered, heard)),
      );
      response.on('error', () => undefined);
    },
  );
  sending.on('error', () => undefined);
  sending.end(JSON.stringify({ ConsumerARN, ShardId: SHARD, StartingPosition: { Type: 'LATEST' } }));
  await started;
  return async () => {
    sending.destroy();
    await call('DeregisterStreamConsumer', { ConsumerARN });
    connection.end();
  };
};

const poll =
  (everyMs: number) =>
  async (port: number, heard: Heard): Promise<() => Promise<void>> => {
    const connection = await openConnection(port);
    const call = callFor(connection);
    const place = { StreamName: STREAM, ShardId: SHARD, ShardIteratorType: 'LATEST' };
    let { ShardIterator } = await call('GetShardIterator', place);
    let isStopped = false;
    const polling = (async () => {
      while (!isStopped) {
        const answer: Answered = await call('GetRecords', { ShardIterator });
        hear(answer, heard);
        ShardIterator = answer.NextShardIterator;
        if (everyMs > 0) await pause(everyMs);
      }
    })();
    return async () => {
      isStopped = true;
      await polling;
      connection.end();
    };
  };

const READERS: readonly Reader[] = [
  { name: 'SubscribeToShard', start: subscribe },
  { name: 'GetRecords without a pause', start: poll(0) },
  { name: `GetRecords every ${POLL_MS} ms`, start: poll(POLL_MS) },
];

/** Single records at an even pace, each sent when it is due whether or not the ones before are acknowledged. */
const write = async (connections: readonly Connection[], seconds: number): Promise<void> => {
  const calls: Promise<unknown>[] = connections.map(() => Promise.resolve());
  const started = performance.now();
  for (let sent = 0; sent < seconds * RECORDS_PER_SECOND; await pause(TICK_MS)) {
    const due = ((performance.now() - started) / 1000) * RECORDS_PER_SECOND;
    for (; sent < Math.min(due, seconds * RECORDS_PER_SECOND); sent++) {
      const place = sent % connections.length;
      const Data = Buffer.from(String(performance.now())).toString('base64');
      const put = requestBytes('PutRecord', { StreamName: STREAM, PartitionKey: String(sent), Data });
      calls[place] = Promise.resolve(calls[place]).then(() => connections[place]?.call(put));
    }
  }
  await Promise.all(calls);
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const measure = async (reader: Reader, port: number, seconds: number): Promise<readonly number[]> => {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection(port)));
  const delaysMs: number[] = [];
  const expected = seconds * RECORDS_PER_SECOND;
  const all = Promise.withResolvers<void>();
  const stop = await reader.start(port, (sentAtMs) => {
    if (delaysMs.push(performance.now() - sentAtMs) >= expected) all.resolve();
  });
  await write(connections, seconds);
  const isWhole = await Promise.race([all.promise.then(() => true), pause(5_000, false, { ref: false })]);
  await stop();
  for (const connection of connections) connection.end();
  if (!isWhole) throw new Error(`${reader.name}: ${delaysMs.length} of ${expected} records came`);
  return delaysMs.sort((a, b) => a - b);
};

const makeStream = async (port: number): Promise<void> => {
  const connection = await openConnection(port);
  const call = callFor(connection);
  await call('CreateStream', { StreamName: STREAM, ShardCount: 1 });
  const describe = () => call('DescribeStreamSummary', { StreamName: STREAM });
  while ((await describe()).StreamDescriptionSummary.StreamStatus !== 'ACTIVE') await pause(5);
  connection.end();
};

const compare = async (port: number, seconds: number): Promise<void> => {
  let fanOutMs: number | undefined;
  for (const reader of READERS) {
    const delays = await measure(reader, port, seconds);
    const p50 = percentile(delays, 0.5);
    fanOutMs ??= p50;
    const line = [
      reader.name.padEnd(28),
      `p50 ${p50.toFixed(1)} ms`.padStart(16),
      `p99 ${percentile(delays, 0.99).toFixed(1)} ms`.padStart(16),
      `${(p50 / fanOutMs).toFixed(1)} x fan-out`.padStart(18),
    ];
    process.stdout.write(`  ${line.join('')}\n`);
  }
};

/** How long from sending a record until a reader has it? Fan-out beside polling, on one shard. */
export const latency = async ({ small }: { small: boolean }): Promise<void> => {
  const server = await startServerProcess('durable');
  try {
    await makeStream(server.port);
    process.stdout.write(`\nPut to delivery, ${RECORDS_PER_SECOND} records/s, one shard\n`);
    await compare(server.port, small ? 0.3 : 3);
  } finally {
    await server.close();
  }
};
