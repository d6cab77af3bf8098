import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { LeaseItem } from './lease-item.ts';

/**
 * How a worker is doing, as it writes itself from time to time:
 *
 *   leaseKey S, the worker's id    entityType S "WORKER_METRIC_STATS"    lut N, seconds since the epoch
 *   sts M of L of N                opr M of L of N                       sup N 1    slu N, as lut
 *
 * `sts` has the last samples of each measure, the newest last, -1 for one that failed; `opr` how much of it is too
 * much. Both are empty for a worker that measures nothing: its leases' throughput speaks for it.
 */
export interface WorkerRow {
  readonly workerId: string;
  readonly updatedSeconds: number;
  readonly samples: Readonly<Record<string, readonly number[]>>;
  readonly limits: Readonly<Record<string, number>>;
}

export const WORKER_ENTITY_TYPE = 'WORKER_METRIC_STATS';
/** Says that the worker knows the one table for everything, which the KCL has since version 3.5. */
const SUPPORT_CODE = 1;
export const SAMPLE_FAILED = -1;

const number = (value: number): AttributeValue => ({ N: String(value) });
const map = <Value>(
  values: Readonly<Record<string, Value>>,
  write: (value: Value) => AttributeValue[],
): AttributeValue => ({
  M: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { L: write(value) }])),
});

export const workerItemOf = ({ workerId, updatedSeconds, samples, limits }: WorkerRow): LeaseItem => ({
  leaseKey: { S: workerId },
  entityType: { S: WORKER_ENTITY_TYPE },
  lut: number(updatedSeconds),
  sts: map(samples, (values) => values.map(number)),
  opr: map(limits, (limit) => [number(limit)]),
  sup: number(SUPPORT_CODE),
  slu: number(updatedSeconds),
});

const listsFrom = (value: AttributeValue | undefined): [string, number[]][] =>
  Object.entries(value?.M ?? {}).map(([name, list]) => [name, (list.L ?? []).map(({ N }) => Number(N))]);

/** Undefined when the row is no worker's, or one that the KCL too would call invalid. */
export const workerFrom = (item: LeaseItem): WorkerRow | undefined => {
  const workerId = item.leaseKey?.S;
  if (workerId === undefined || item.entityType?.S !== WORKER_ENTITY_TYPE) return undefined;
  const updatedSeconds = Number(item.lut?.N);
  const samples = Object.fromEntries(listsFrom(item.sts));
  const limits = Object.fromEntries(listsFrom(item.opr).map(([name, [limit = 0]]) => [name, limit]));
  const areWhole = Object.keys(samples).every((name) => (limits[name] ?? 0) > 0);
  return Number.isFinite(updatedSeconds) && areWhole
    ? { workerId, updatedSeconds, samples, limits }
    : undefined;
};
