import { ConsumerError } from './errors.ts';

/** One row per setting: its type, default and bounds, the KCL's name for it, and what the manual says of it. */
export interface Setting<Value> {
  readonly unit?: 'ms' | 'bytes' | 'records' | 'leases' | 'batches' | 'connections';
  readonly default: Value;
  /** Of a number: both ends allowed. Of a word: the choices. */
  readonly range?: readonly Value[];
  /** The same setting of the Kinesis Client Library; undefined for those of our own. */
  readonly kclName?: string;
  readonly help: string;
}

const setting = <Value>(row: Setting<Value>): Setting<Value> => row;

const MIB = 1024 * 1024;
const COUNT_MAX = 2_147_483_647;
const DAY_MS = 86_400_000;

export type OutsideRange = 'drop' | 'deliver';

export const SETTINGS = {
  failoverMs: setting<number>({
    unit: 'ms',
    default: 10_000,
    range: [300, DAY_MS],
    kclName: 'failoverTimeMillis',
    help: 'A lease that is not renewed for so long is free to take. The same for all workers.',
  }),
  leasesMax: setting<number>({
    unit: 'leases',
    default: COUNT_MAX,
    range: [1, COUNT_MAX],
    kclName: 'maxLeasesForWorker',
    help: 'Leases that this worker holds.',
  }),
  stealsMax: setting<number>({
    unit: 'leases',
    default: 1,
    range: [1, COUNT_MAX],
    kclName: 'maxLeasesToStealAtOneTime',
    help: 'Leases taken at a time from a worker that has more than its share.',
  }),
  parentPollMs: setting<number>({
    unit: 'ms',
    default: 10_000,
    range: [50, DAY_MS],
    kclName: 'parentShardPollIntervalMillis',
    help: 'Between two looks at whether the parents of a shard are done.',
  }),
  auditMs: setting<number>({
    unit: 'ms',
    default: 120_000,
    range: [100, DAY_MS],
    kclName: 'leasesRecoveryAuditorExecutionFrequencyMillis',
    help: 'Between two looks at whether the leases cover the whole stream.',
  }),
  auditHolesMax: setting<number>({
    default: 3,
    range: [1, 100],
    kclName: 'leasesRecoveryAuditorInconsistencyConfidenceThreshold',
    help: 'A hole that was seen so many times in a row is filled.',
  }),
  cleanupMs: setting<number>({
    unit: 'ms',
    default: 60_000,
    range: [100, DAY_MS],
    kclName: 'leaseCleanupIntervalMillis',
    help: 'Between two looks for leases that nobody needs.',
  }),
  idleMs: setting<number>({
    unit: 'ms',
    default: 1_500,
    range: [1, DAY_MS],
    kclName: 'idleTimeBetweenReadsInMillis',
    help: 'To the next read of a shard that had nothing new.',
  }),
  readPauseMs: setting<number>({
    unit: 'ms',
    default: 200,
    range: [0, DAY_MS],
    help: 'Between two reads of a shard that has more. AWS allows five reads a second for each shard.',
  }),
  readRecordsMax: setting<number>({
    unit: 'records',
    default: 10_000,
    range: [1, 10_000],
    kclName: 'maxRecords',
    help: 'Records in one read.',
  }),
  backoffMsMax: setting<number>({
    unit: 'ms',
    default: 10_000,
    range: [1, DAY_MS],
    help: 'The longest pause after a read that failed; the first is a twentieth of a second, doubled each time.',
  }),
  prefetchBatchesMax: setting<number>({
    unit: 'batches',
    default: 4,
    range: [1, 1_000],
    kclName: 'maxPendingProcessRecordsInput',
    help: 'Answers held in advance for each shard.',
  }),
  prefetchBytesMax: setting<number>({
    unit: 'bytes',
    default: 8 * MIB,
    range: [1, 1024 * MIB],
    kclName: 'maxByteSize',
    help: 'Their data. No read begins above it, so that one answer, up to 10 MiB, may come on top.',
  }),
  outsideRange: setting<OutsideRange>({
    default: 'drop',
    range: ['drop', 'deliver'],
    help: 'An aggregate of which a part belongs to another shard. Its producer puts it again, so it is left out.',
  }),
  checkpointMs: setting<number>({
    unit: 'ms',
    default: 1_000,
    range: [0, DAY_MS],
    help: 'With run and batches: how often what is done is written down.',
  }),
  requestTimeoutMs: setting<number>({
    unit: 'ms',
    default: 6_000,
    range: [10, 600_000],
    help: 'From sending a request to having its answer.',
  }),
  connectionsMax: setting<number>({
    unit: 'connections',
    default: 50,
    range: [1, 1_000],
    help: 'To each of the two services.',
  }),
} as const;

export type Settings = {
  readonly [Key in keyof typeof SETTINGS]: (typeof SETTINGS)[Key] extends Setting<infer Value>
    ? Value
    : never;
};

const invalid = (message: string): never => {
  throw new ConsumerError('InvalidSettings', message);
};

const check = (key: string, row: Setting<unknown>, value: unknown): void => {
  if (typeof value !== typeof row.default) invalid(`${key} must be a ${typeof row.default}`);
  const { range } = row;
  if (range === undefined) return;
  if (typeof value !== 'number') {
    if (!range.includes(value)) invalid(`${key} must be one of ${range.join(', ')}`);
    return;
  }
  const [least, most] = range as readonly [number, number];
  if (!Number.isInteger(value) || value < least || value > most) {
    invalid(`${key} must be a whole number from ${least} to ${most}`);
  }
};

/** What is not given has its default. Throws a `ConsumerError` that says what would be right. */
export const settingsFrom = (given: Partial<Settings>): Settings => {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(SETTINGS, key));
  if (unknown !== undefined) invalid(`${unknown} is no setting`);
  const entries = Object.entries(SETTINGS).map(([key, row]) => {
    const value = given[key as keyof Settings] ?? row.default;
    check(key, row as Setting<unknown>, value);
    return [key, value];
  });
  return Object.fromEntries(entries);
};
