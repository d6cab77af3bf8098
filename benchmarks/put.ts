import { runLoad } from './load.ts';
import { type ServerKind, startServerProcess } from './server-process.ts';
import {
  makeStream,
  median,
  number,
  type PutLoad,
  putRecordLoad,
  putRecordsLoad,
  STREAM,
  withConnection,
} from './workloads.ts';

const SHARDS = 50;

/** Records per second of each server. Rounds alternate, so that a slow moment of the machine meets both. */
export const measurePuts = async (
  load: PutLoad,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Readonly<Record<ServerKind, number>>> => {
  const start = async (kind: ServerKind) => ({
    server: await startServerProcess(kind),
    rates: [] as number[],
  });
  const servers = { floor: await start('floor'), durable: await start('durable') };
  const all = Object.values(servers);
  try {
    for (const { server } of all) {
      await withConnection(server.port, (connection) => makeStream(connection, STREAM, SHARDS));
    }
    for (let round = 0; round <= rounds; round++) {
      for (const { server, rates } of all) {
        const done = await runLoad(server.port, { ...load, seconds });
        // The first round warms both up.
        if (round > 0) rates.push((done.requests * load.recordsPerRequest) / done.seconds);
      }
    }
  } finally {
    await Promise.all(all.map(({ server }) => server.close()));
  }
  return { floor: median(servers.floor.rates), durable: median(servers.durable.rates) };
};

/** What does it cost to keep the records? Throughput beside the floor: the same server, storing nothing. */
export const put = async ({ small }: { small: boolean }): Promise<void> => {
  for (const load of [putRecordsLoad(), putRecordLoad()]) {
    const rates = await measurePuts(load, small ? { rounds: 1, seconds: 0.3 } : { rounds: 5, seconds: 2 });
    process.stdout.write(`\n${load.name}, ${SHARDS} shards\n`);
    for (const [kind, rate] of Object.entries(rates)) {
      const line = [
        kind.padEnd(8),
        `${number(rate)} records/s`.padStart(20),
        `${((rate * load.recordBytes) / 1e6).toFixed(1)} MB/s`.padStart(12),
        `${((100 * rate) / rates.floor).toFixed(0)} % of the floor`.padStart(20),
      ];
      process.stdout.write(`  ${line.join('')}\n`);
    }
  }
};
