import type { LeaseTable, Row } from './lease-table.ts';
import { until } from './poll.ts';

/** Waits until these workers alone hold leases, each at least so many, and none is being handed over. */
export const untilShared = async (
  table: LeaseTable,
  workers: readonly string[],
  least: number,
): Promise<void> => {
  let leases: readonly Row[] = [];
  const tell = () => leases.map(({ leaseOwner, checkpointOwner }) => [leaseOwner?.S, checkpointOwner?.S]);
  const isShared = async () => {
    leases = (await table.leases()).filter(({ checkpoint }) => checkpoint?.S !== 'SHARD_END');
    const byOwner = Map.groupBy(leases, ({ leaseOwner }) => leaseOwner?.S);
    return (
      leases.every(({ checkpointOwner }) => checkpointOwner === undefined) &&
      byOwner.size === workers.length &&
      workers.every((worker) => (byOwner.get(worker)?.length ?? 0) >= least)
    );
  };
  await until(`${workers} share the leases`, isShared, () => JSON.stringify(tell()));
};
