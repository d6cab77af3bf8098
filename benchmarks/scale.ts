import { setTimeout as pause } from 'node:timers/promises';
import { openConnection, requestBytes, runLoad } from './load.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const STREAM = 'bench';
const CONNECTIONS = 8;
const RECORDS_PER_REQUEST = 500;
const RECORD_BYTES = 1000;
/** What ListStreams answers at most. */
const PAGE = 100;
const START_DEADLINE_MS = 60_000;
/** Many times what the whole takes: a server that is gone does not answer. */
const DEADLINE_MS = 300_000;

type Connection = Awaited<ReturnType<typeof openConnection>>;
type StartServer = () => Promise<ServerProcess>;

/** How much is asked of the machine. */
interface Size {
  readonly shardCounts: readonly number[];
  readonly streamCount: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly callsPerRound: number;
}

const WHOLE: Size = {
  shardCounts: [1, 100, 1_000],
  streamCount: 1_000,
  rounds: 5,
  seconds: 2,
  callsPerRound: 20,
};
const SMALL: Size = { shardCounts: [1, 50], streamCount: 50, rounds: 1, seconds: 0.2, callsPerRound: 3 };

const number = (value: number): string => Math.round(value).toLocaleString('en');

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const call = async (connection: Connection, operation: string, body: object) =>
  JSON.parse(String(await connection.call(requestBytes(operation, body))) || '{}');

const makeStream = async (connection: Connection, StreamName: string, ShardCount: number): Promise<void> => {
  await call(connection, 'CreateStream', { StreamName, ShardCount });
  const deadline = performance.now() + START_DEADLINE_MS;
  const describe = () => call(connection, 'DescribeStreamSummary', { StreamName });
  while ((await describe()).StreamDescriptionSummary.StreamStatus !== 'ACTIVE') {
    if (performance.now() > deadline) throw new Error(`${StreamName} did not become active`);
    await pause(5);
  }
};

const withConnections = async <Result>(
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

/** Failures may come as exceptions in the listeners of sockets, several at once; the servers must end then too. */
const withServers = async (work: (start: StartServer) => Promise<void>): Promise<void> => {
  const starting: Promise<ServerProcess>[] = [];
  const start: StartServer = () => {
    const server = startServerProcess('durable');
    starting.push(server);
    return server;
  };
  const failed = Promise.withResolvers<never>();
  process.on('uncaughtException', failed.reject);
  const deadline = setTimeout(() => failed.reject(new Error('the deadline has passed')), DEADLINE_MS);
  try {
    await Promise.race([work(start), failed.promise]);
  } finally {
    clearTimeout(deadline);
    const started = await Promise.allSettled(starting);
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
    process.off('uncaughtException', failed.reject);
  }
};

/** Each record has a key of its own, so that a request meets as many shards as there are. */
const putRequests = (): readonly Buffer[] => {
  const Data = Buffer.alloc(RECORD_BYTES, 'millrace').toString('base64');
  const records = (request: number) =>
    Array.from({ length: RECORDS_PER_REQUEST }, (_, record) => ({
      PartitionKey: `customer-${request * RECORDS_PER_REQUEST + record}`,
      Data,
    }));
  return Array.from({ length: 32 }, (_, request) =>
    requestBytes('PutRecords', { StreamName: STREAM, Records: records(request) }),
  );
};

interface Sharded {
  readonly shardCount: number;
  readonly port: number;
}

const startSharded = async (start: StartServer, shardCount: number): Promise<Sharded> => {
  const { port } = await start();
  await withConnections(port, 1, async ([connection]) => {
    if (connection !== undefined) await makeStream(connection, STREAM, shardCount);
  });
  return { shardCount, port };
};

const compareWrites = async (servers: readonly Sharded[], { rounds, seconds }: Size): Promise<void> => {
  const requests = putRequests();
  const results = servers.map((server) => ({ ...server, rates: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const { port, rates } of results) {
      const load = await runLoad(port, { requests, connections: CONNECTIONS, seconds });
      // The first round warms all of them up.
      if (round > 0) rates.push((load.requests * RECORDS_PER_REQUEST) / load.seconds);
    }
  }
  const one = median(results[0]?.rates ?? []);
  process.stdout.write(`\nPutRecords, ${RECORDS_PER_REQUEST} x 1 KB, ${CONNECTIONS} connections, durable\n`);
  for (const { shardCount, rates } of results) {
    const line = [
      `${number(shardCount)} ${shardCount === 1 ? 'shard' : 'shards'}`.padEnd(14),
      `${number(median(rates))} records/s`.padStart(20),
      `${((100 * median(rates)) / one).toFixed(0)} % of one shard`.padStart(22),
    ];
    process.stdout.write(`  ${line.join('')}\n`);
  }
};

/** A call of the control plane, asked of a server with little and of one with much. */
interface Listing {
  readonly name: string;
  readonly few: number;
  readonly many: number;
  readonly ask: (connection: Connection) => Promise<unknown>;
}

const listShardsByPage = async (connection: Connection): Promise<void> => {
  let body: object | undefined = { StreamName: STREAM, MaxResults: PAGE };
  while (body !== undefined) {
    const { NextToken } = await call(connection, 'ListShards', body);
    body = NextToken === undefined ? undefined : { NextToken, MaxResults: PAGE };
  }
};

const listStreamsByPage = async (connection: Connection): Promise<void> => {
  let body: object | undefined = { Limit: PAGE };
  while (body !== undefined) {
    const { NextToken } = await call(connection, 'ListStreams', body);
    body = NextToken === undefined ? undefined : { NextToken, Limit: PAGE };
  }
};

const timeMs = async (port: number, calls: number, ask: Listing['ask']): Promise<number> =>
  withConnections(port, 1, async ([connection]) => {
    if (connection === undefined) return Number.NaN;
    const times: number[] = [];
    for (let count = 0; count < calls; count++) {
      const started = performance.now();
      await ask(connection);
      times.push(performance.now() - started);
    }
    return median(times);
  });

const compareListing = async ({ name, few, many, ask }: Listing, size: Size): Promise<void> => {
  const times: { few: number[]; many: number[] } = { few: [], many: [] };
  for (let round = 0; round <= size.rounds; round++) {
    const fewMs = await timeMs(few, size.callsPerRound, ask);
    const manyMs = await timeMs(many, size.callsPerRound, ask);
    if (round === 0) continue;
    times.few.push(fewMs);
    times.many.push(manyMs);
  }
  const manyMs = median(times.many);
  const line = [
    name.padEnd(44),
    `${manyMs.toFixed(2)} ms`.padStart(10),
    `${(manyMs / median(times.few)).toFixed(1)} x that of one`.padStart(22),
  ];
  process.stdout.write(`  ${line.join('')}\n`);
};

const startWithStreams = async (start: StartServer, streamCount: number): Promise<number> => {
  const { port } = await start();
  let made = 0;
  await withConnections(port, CONNECTIONS, (connections) =>
    Promise.all(
      connections.map(async (connection) => {
        while (made < streamCount) await makeStream(connection, `stream-${made++}`, 1);
      }),
    ),
  );
  return port;
};

/** What does a stream of many shards cost, and an account of many streams, beside one of each? */
export const scale = async ({ small }: { small: boolean }): Promise<void> => {
  const size = small ? SMALL : WHOLE;
  await withServers(async (start) => {
    const servers: Sharded[] = [];
    for (const shardCount of size.shardCounts) servers.push(await startSharded(start, shardCount));
    await compareWrites(servers, size);
    const few = servers[0]?.port ?? 0;
    const sharded = { few, many: servers.at(-1)?.port ?? 0 };
    const streams = { few, many: await startWithStreams(start, size.streamCount) };
    const shardCount = `${number(size.shardCounts.at(-1) ?? 0)} shards`;
    const streamCount = `${number(size.streamCount)} streams`;
    const name = { StreamName: STREAM };
    const listings: readonly Listing[] = [
      {
        name: `DescribeStreamSummary, ${shardCount}`,
        ...sharded,
        ask: (connection) => call(connection, 'DescribeStreamSummary', name),
      },
      {
        name: `ListShards, ${shardCount} in one answer`,
        ...sharded,
        ask: (connection) => call(connection, 'ListShards', { ...name, MaxResults: 1_000 }),
      },
      { name: `ListShards, ${shardCount} in pages of ${PAGE}`, ...sharded, ask: listShardsByPage },
      {
        name: `ListStreams, a page of ${PAGE} of ${streamCount}`,
        ...streams,
        ask: (connection) => call(connection, 'ListStreams', { Limit: PAGE }),
      },
      { name: `ListStreams, ${streamCount} in pages of ${PAGE}`, ...streams, ask: listStreamsByPage },
    ];
    process.stdout.write('\nThe control plane, one call after another\n');
    for (const listing of listings) await compareListing(listing, size);
  });
};
