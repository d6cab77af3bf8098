import { makeLeases } from './consumer-leases.ts';
import { ConsumerProcess } from './consumer-process.ts';
import { SHARDS } from './consumer-streams.ts';
import { makeStream, withConnection } from './workloads.ts';

const STREAM = 'failover';
const IDLE_MS = 200;
/** Of a leader, in times of failover; 120 s by default on both sides. */
const LEADER_LEASE_FAILOVERS = 2;
/** The second worker is there for so long before the first one dies. */
const TOGETHER_SECONDS = 3;

export interface Failover {
  readonly port: number;
  readonly failoverMs: number;
  /** Without it the Java library is left out. */
  readonly classPath: string | undefined;
  /** Leaves out what takes long: leaders. */
  readonly small: boolean;
}

interface Fleet {
  readonly name: string;
  readonly isKcl?: boolean;
  /** By a leader, whose own lease has to run out when it dies. */
  readonly isLed: boolean;
  readonly settings?: object;
}

const fleets = (failoverMs: number): readonly Fleet[] => {
  const leaderLeaseMs = LEADER_LEASE_FAILOVERS * failoverMs;
  const leading = { balancing: 'leader', leaderLeaseMs, leaderHeartbeatMs: leaderLeaseMs / 4 };
  return [
    { name: 'KCL', isKcl: true, isLed: true },
    { name: 'ours, with a leader', isLed: true, settings: leading },
    { name: 'ours, by count', isLed: false, settings: { balancing: 'count' } },
  ];
};

const shardsOf = (worker: ConsumerProcess): Set<string> =>
  new Set(worker.told('initialized').map(({ word }) => word));

/** From the death of the worker that has most to the other having all shards, in ms. */
const takeOver = async (first: ConsumerProcess, start: () => ConsumerProcess): Promise<number> => {
  await first.until(() => shardsOf(first).size === SHARDS);
  const second = start();
  try {
    await second.until(() => second.told('records').length >= TOGETHER_SECONDS);
    const killedMs = performance.now();
    await first.kill();
    await second.until(() => shardsOf(second).size === SHARDS);
    return Math.max(...second.told('initialized').map(({ atMs }) => atMs)) - killedMs;
  } finally {
    await second.kill();
  }
};

const measure = async ({ port, failoverMs, classPath }: Failover, fleet: Fleet): Promise<number> => {
  const application = `failover-${fleet.name.replaceAll(/\W+/g, '-')}`;
  await makeLeases(port, STREAM, application);
  const start = (worker: string): ConsumerProcess =>
    new ConsumerProcess(
      {
        endpoint: `http://127.0.0.1:${port}`,
        stream: STREAM,
        application,
        worker,
        failoverMs,
        idleMs: IDLE_MS,
        warmRecords: 1,
        totalRecords: 1,
        retrieval: 'polling',
        leaderLeaseMs: LEADER_LEASE_FAILOVERS * failoverMs,
        settings: JSON.stringify(fleet.settings ?? {}),
      },
      fleet.isKcl === true ? classPath : undefined,
    );
  const first = start('ada');
  try {
    return await takeOver(first, () => start('grace'));
  } finally {
    await first.kill();
  }
};

/** How long do shards stand still when the worker dies that has them, and leads where there is a leader? */
export const failover = async (given: Failover): Promise<void> => {
  await withConnection(given.port, (connection) => makeStream(connection, STREAM, SHARDS));
  process.stdout.write(
    `\nconsumers: one of two workers, the leader, is killed; failover ${given.failoverMs} ms, leader's lease ${LEADER_LEASE_FAILOVERS} times that; until the other has all shards\n`,
  );
  let base: number | undefined;
  for (const fleet of fleets(given.failoverMs)) {
    if ((given.small && fleet.isLed) || (fleet.isKcl === true && given.classPath === undefined)) continue;
    const tookMs = await measure(given, fleet);
    base ??= tookMs;
    process.stdout.write(
      `  ${fleet.name.padEnd(36)}${`${(tookMs / 1e3).toFixed(1)} s`.padStart(10)}${`${(tookMs / base).toFixed(2)} x`.padStart(10)}\n`,
    );
  }
};
