import { runLoad } from './load.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import {
  type Connection,
  call,
  makeStream,
  median,
  number,
  putRecordsLoad,
  STREAM,
  withConnection,
  withConnections,
} from './workloads.ts';

/** What ListStreams answers at most. */
const PAGE = 100;
/** Many times what the whole takes: a server that is gone does not answer. */
const DEADLINE_MS = 300_000;

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

interface Sharded {
  readonly shardCount: number;
  readonly port: number;
}

const startSharded = async (start: StartServer, shardCount: number): Promise<Sharded> => {
  const { port } = await start();
  await withConnection(port, (connection) => makeStream(connection, STREAM, shardCount));
  return { shardCount, port };
};

interface Throughput {
  readonly shardCount: number;
  readonly recordsPerSecond: number;
}

/** The same load on each, in rounds that alternate. */
const compareWrites = async (
  servers: readonly Sharded[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly Throughput[]> => {
  const puts = putRecordsLoad();
  const results = servers.map((server) => ({ ...server, rates: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const { port, rates } of results) {
      const load = await runLoad(port, { ...puts, seconds });
      // The first round warms all of them up.
      if (round > 0) rates.push((load.requests * puts.recordsPerRequest) / load.seconds);
    }
  }
  return results.map(({ shardCount, rates }) => ({ shardCount, recordsPerSecond: median(rates) }));
};

const printWrites = (results: readonly Throughput[]): void => {
  const one = results[0]?.recordsPerSecond ?? Number.NaN;
  process.stdout.write(`\n${putRecordsLoad().name}, durable\n`);
  for (const { shardCount, recordsPerSecond } of results) {
    const line = [
      `${number(shardCount)} ${shardCount === 1 ? 'shard' : 'shards'}`.padEnd(14),
      `${number(recordsPerSecond)} records/s`.padStart(20),
      `${((100 * recordsPerSecond) / one).toFixed(0)} % of one shard`.padStart(22),
    ];
    process.stdout.write(`  ${line.join('')}\n`);
  }
};

const startAll = async (start: StartServer, shardCounts: readonly number[]): Promise<readonly Sharded[]> => {
  const servers: Sharded[] = [];
  for (const shardCount of shardCounts) servers.push(await startSharded(start, shardCount));
  return servers;
};

/** PutRecords on streams of so many shards each, beside one another. */
export const measureScale = async (
  size: Pick<Size, 'shardCounts' | 'rounds' | 'seconds'>,
): Promise<readonly Throughput[]> => {
  let results: readonly Throughput[] = [];
  await withServers(async (start) => {
    results = await compareWrites(await startAll(start, size.shardCounts), size);
  });
  return results;
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
  withConnection(port, async (connection) => {
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
  await withConnections(port, 8, (connections) =>
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
    const servers = await startAll(start, size.shardCounts);
    printWrites(await compareWrites(servers, size));
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
