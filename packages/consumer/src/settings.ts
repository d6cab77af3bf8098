import { checkSettings, type SettingsOf, type SettingsRule, setting } from '@millrace/client-common';
import { ConsumerError } from './errors.ts';
import { DIMENSIONS, dimensionNames } from './metrics/dimensions.ts';

const MIB = 1024 * 1024;
const COUNT_MAX = 2_147_483_647;
const DAY_MS = 86_400_000;

export type OutsideRange = 'drop' | 'deliver';
export type FormerStreams = 'remove' | 'keep';
export type MetricsLevel = 'none' | 'summary' | 'detailed';
export type Balancing = 'leader' | 'count';
export type WorkerMetrics = 'auto' | 'cpu' | 'throughput';
export type Retrieval = 'polling' | 'fanOut';

export const SETTINGS = {
  failoverMs: setting<number>({
    unit: 'ms',
    default: 10_000,
    range: [300, DAY_MS],
    awsName: 'failoverTimeMillis',
    help: 'A lease that is not renewed for so long is free to take. The same for all workers.',
  }),
  leasesMax: setting<number>({
    unit: 'leases',
    default: COUNT_MAX,
    range: [1, COUNT_MAX],
    awsName: 'maxLeasesForWorker',
    help: 'Leases that a worker holds: with a leader, whichever the leader shares out to.',
  }),
  stealsMax: setting<number>({
    unit: 'leases',
    default: 1,
    range: [1, COUNT_MAX],
    awsName: 'maxLeasesToStealAtOneTime',
    help: 'By count: leases taken at a time from a worker that has more than its share.',
  }),
  balancing: setting<Balancing>({
    default: 'leader',
    range: ['leader', 'count'],
    help: 'Whether a leader shares out the leases by load, as in the KCL 3.5 and later, or every worker takes its share of the number, as in the KCL 2.',
  }),
  gracefulHandoff: setting<boolean>({
    default: true,
    awsName: 'isGracefulLeaseHandoffEnabled',
    help: 'With a leader: a worker that is to lose a lease is asked to end its work on it first.',
  }),
  gracefulHandoffTimeoutMs: setting<number>({
    unit: 'ms',
    default: 30_000,
    range: [0, DAY_MS],
    awsName: 'gracefulLeaseHandoffTimeoutMillis',
    help: 'How long that may take, besides failoverMs.',
  }),
  leaderLeaseMs: setting<number>({
    unit: 'ms',
    default: 30_000,
    range: [300, DAY_MS],
    awsName: 'dynamoDbLockBasedLeaderLeaseDurationInMillis',
    help: 'A leader that is not heard of for so long is replaced. The Java library has two minutes; each leader tells the others its own time.',
  }),
  leaderHeartbeatMs: setting<number>({
    unit: 'ms',
    default: 8_000,
    range: [50, DAY_MS],
    awsName: 'dynamoDbLockBasedLeaderHeartbeatPeriodInMillis',
    help: 'Between two signs of life of a leader. The others look as often, or every 2 x failoverMs where that is shorter.',
  }),
  workerReportMs: setting<number>({
    unit: 'ms',
    default: 30_000,
    range: [1_000, DAY_MS],
    awsName: 'workerMetricsReporterFreqInMillis',
    help: 'How often a worker says that it is there and how busy. Twice as long without it, and it is given nothing. The same for all workers.',
  }),
  workerMetrics: setting<WorkerMetrics>({
    default: 'auto',
    range: ['auto', 'cpu', 'throughput'],
    help: 'What a worker is measured by: the processor time of its process, or what is read from its shards. A Java worker measures its processor on EC2, ECS and EKS alone, and all workers should be measured alike: auto does as the others do, and measures the processor where it is alone.',
  }),
  workerMetricsAlphaPercent: setting<number>({
    unit: 'percent',
    default: 50,
    range: [1, 100],
    help: 'The weight of the newest sample in the average of a worker. The KCL calls it workerMetricsEMAAlpha and counts it from 0 to 1.',
  }),
  varianceBalancingFrequency: setting<number>({
    default: 3,
    range: [1, 1_000],
    awsName: 'varianceBalancingFrequency',
    help: 'A leader shares out free leases every 2 x failoverMs, and balances every so many times.',
  }),
  rebalanceThresholdPercent: setting<number>({
    unit: 'percent',
    default: 10,
    range: [0, 100],
    awsName: 'reBalanceThresholdPercentage',
    help: 'Leases move when a worker is so far above or below the average.',
  }),
  dampeningPercent: setting<number>({
    unit: 'percent',
    default: 60,
    range: [1, 100],
    awsName: 'dampeningPercentage',
    help: 'So much of what a worker has above the average is moved at a time.',
  }),
  allowThroughputOvershoot: setting<boolean>({
    default: true,
    awsName: 'allowThroughputOvershoot',
    help: 'A lease may move that is larger than that, where no smaller one is.',
  }),
  throughputKBpsMax: setting<number>({
    unit: 'KiB/s',
    default: Number.POSITIVE_INFINITY,
    range: [1, Number.POSITIVE_INFINITY],
    awsName: 'maxThroughputPerHostKBps',
    help: 'A worker whose shards are read faster is given no more of them.',
  }),
  parentPollMs: setting<number>({
    unit: 'ms',
    default: 10_000,
    range: [50, DAY_MS],
    awsName: 'parentShardPollIntervalMillis',
    help: 'Between two looks at whether the parents of a shard are done.',
  }),
  auditMs: setting<number>({
    unit: 'ms',
    default: 120_000,
    range: [100, DAY_MS],
    awsName: 'leasesRecoveryAuditorExecutionFrequencyMillis',
    help: 'Between two looks at whether the leases cover the whole stream.',
  }),
  auditHolesMax: setting<number>({
    default: 3,
    range: [1, 100],
    awsName: 'leasesRecoveryAuditorInconsistencyConfidenceThreshold',
    help: 'A hole that was seen so many times in a row is filled.',
  }),
  cleanupMs: setting<number>({
    unit: 'ms',
    default: 60_000,
    range: [100, DAY_MS],
    awsName: 'leaseCleanupIntervalMillis',
    help: 'Between two looks for leases that nobody needs.',
  }),
  retrieval: setting<Retrieval>({
    default: 'polling',
    range: ['polling', 'fanOut'],
    awsName: 'retrievalMode',
    help: 'Whether shards are asked for records, or push them: enhanced fan-out, a line of its own to every shard.',
  }),
  eventTimeoutMs: setting<number>({
    unit: 'ms',
    default: 30_000,
    range: [10, DAY_MS],
    help: 'With fanOut: a subscription that is silent for so long is replaced. AWS says something every 5 s or so.',
  }),
  streamsMs: setting<number>({
    unit: 'ms',
    default: 60_000,
    range: [50, DAY_MS],
    help: 'Between two looks at which streams there are, where an application reads several.',
  }),
  formerStreams: setting<FormerStreams>({
    default: 'remove',
    range: ['remove', 'keep'],
    awsName: 'formerStreamsLeasesDeletionStrategy',
    help: 'What becomes of leases of streams that left the list, were deleted, or made again.',
  }),
  formerStreamsMs: setting<number>({
    unit: 'ms',
    default: 3_600_000,
    range: [0, 30 * DAY_MS],
    awsName: 'waitPeriodToDeleteFormerStreams',
    help: 'They are removed when no worker has touched them for so long. A stream that comes back before goes on.',
  }),
  idleMs: setting<number>({
    unit: 'ms',
    default: 1_500,
    range: [1, DAY_MS],
    awsName: 'idleTimeBetweenReadsInMillis',
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
    awsName: 'maxRecords',
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
    awsName: 'maxPendingProcessRecordsInput',
    help: 'Answers held in advance for each shard.',
  }),
  prefetchBytesMax: setting<number>({
    unit: 'bytes',
    default: 8 * MIB,
    range: [1, 1024 * MIB],
    awsName: 'maxByteSize',
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
  metricsLevel: setting<MetricsLevel>({
    default: 'detailed',
    range: ['none', 'summary', 'detailed'],
    awsName: 'metricsLevel',
    help: 'Which metrics are uploaded.',
  }),
  metricsDimensions: setting<string>({
    default: DIMENSIONS.join(),
    awsName: 'metricsEnabledDimensions',
    help: 'By which of these uploaded metrics are told apart. By operation and stream they always are.',
  }),
  metricsUploadMs: setting<number>({
    unit: 'ms',
    default: 10_000,
    range: [1, DAY_MS],
    awsName: 'metricsBufferTimeMillis',
    help: 'Between two uploads.',
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

export type Settings = SettingsOf<typeof SETTINGS>;

const RULES: readonly SettingsRule<Settings>[] = [
  {
    broken: ({ leaderHeartbeatMs, leaderLeaseMs }) => leaderHeartbeatMs >= leaderLeaseMs,
    advice: 'leaderHeartbeatMs must be shorter than leaderLeaseMs, or nobody leads for long',
  },
  {
    broken: ({ metricsDimensions }) =>
      dimensionNames(metricsDimensions).some((name) => !(DIMENSIONS as readonly string[]).includes(name)),
    advice: `metricsDimensions must be some of ${DIMENSIONS.join()}`,
  },
];

const invalid = (message: string): ConsumerError => new ConsumerError('InvalidSettings', message);

/** What is not given has its default. Throws a `ConsumerError` that says what would be right. */
export const settingsFrom = (given: Partial<Settings>): Settings =>
  checkSettings(SETTINGS, given, RULES, invalid);
