import { checkSettings, type SettingsOf, type SettingsRule, setting } from '@millrace/client-common';
import { ProducerError } from './errors.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const NONE = Number.POSITIVE_INFINITY;

export type MetricsLevel = 'none' | 'summary' | 'detailed';
export type MetricsGranularity = 'global' | 'stream' | 'shard';

export const SETTINGS = {
  aggregation: setting<boolean>({
    default: true,
    awsName: 'AggregationEnabled',
    help: 'Put many user records into one record. Consumers must know the format.',
  }),
  aggregationCountMax: setting<number>({
    unit: 'records',
    default: 4_294_967_295,
    range: [1, Number.MAX_SAFE_INTEGER],
    awsName: 'AggregationMaxCount',
    help: 'User records in one record.',
  }),
  aggregationBytesMax: setting<number>({
    unit: 'bytes',
    default: 50 * KIB,
    range: [64, 10 * MIB],
    awsName: 'AggregationMaxSize',
    help: 'Size of an aggregated record. A larger user record goes alone.',
  }),
  collectionCountMax: setting<number>({
    unit: 'records',
    default: 500,
    range: [1, 500],
    awsName: 'CollectionMaxCount',
    help: 'Records in one PutRecords.',
  }),
  collectionBytesMax: setting<number>({
    unit: 'bytes',
    default: 5 * MIB,
    range: [51 * KIB, 10 * MIB],
    awsName: 'CollectionMaxSize',
    help: 'Data and partition keys in one PutRecords. A larger record goes in a request of its own.',
  }),
  recordBufferedMsMax: setting<number>({
    unit: 'ms',
    default: 100,
    range: [0, NONE],
    awsName: 'RecordMaxBufferedTime',
    help: 'A record is sent after so long though there be room for more. Up to 50 ms, or a fifth, comes on top.',
  }),
  recordTtlMs: setting<number>({
    unit: 'ms',
    default: 30_000,
    range: [100, NONE],
    awsName: 'RecordTtl',
    help: 'A record that was not put after so long fails.',
  }),
  failIfThrottled: setting<boolean>({
    default: false,
    awsName: 'FailIfThrottled',
    help: 'A record that the service has no room for fails at once.',
  }),
  rateLimitPercent: setting<number>({
    unit: 'percent',
    default: 150,
    range: [1, NONE],
    awsName: 'RateLimit',
    help: 'Of a shard’s 1 MiB and 1,000 records a second: what this producer sends it. Infinity sends all at once.',
  }),
  connectionsMax: setting<number>({
    unit: 'connections',
    default: 24,
    range: [1, 256],
    awsName: 'MaxConnections',
    help: 'Requests under way.',
  }),
  connectTimeoutMs: setting<number>({
    unit: 'ms',
    default: 6_000,
    range: [100, 300_000],
    awsName: 'ConnectTimeout',
    help: 'For a connection to open.',
  }),
  requestTimeoutMs: setting<number>({
    unit: 'ms',
    default: 6_000,
    range: [100, 600_000],
    awsName: 'RequestTimeout',
    help: 'From sending a request to having its answer.',
  }),
  userRecordBytesMax: setting<number>({
    unit: 'bytes',
    default: MIB,
    range: [1, 10 * MIB],
    awsName: 'MaxUserRecordSize',
    help: 'Data and partition key of a user record; as large as the stream allows.',
  }),
  bufferRecordsMax: setting<number>({
    unit: 'records',
    default: 100_000,
    range: [1, Number.MAX_SAFE_INTEGER],
    help: 'User records that are not settled.',
  }),
  bufferBytesMax: setting<number>({
    unit: 'bytes',
    default: 64 * MIB,
    range: [1, Number.MAX_SAFE_INTEGER],
    help: 'Their data and partition keys. What is being sent is held once more in its encoded form.',
  }),
  waitingPutsMax: setting<number>({
    unit: 'puts',
    default: 1_000,
    range: [0, Number.MAX_SAFE_INTEGER],
    help: 'Puts in the line before a full buffer; further ones fail.',
  }),
  metricsLevel: setting<MetricsLevel>({
    default: 'detailed',
    range: ['none', 'summary', 'detailed'],
    awsName: 'MetricsLevel',
    help: 'Which metrics are uploaded.',
  }),
  metricsGranularity: setting<MetricsGranularity>({
    default: 'shard',
    range: ['global', 'stream', 'shard'],
    awsName: 'MetricsGranularity',
    help: 'The dimensions of uploaded metrics: none, the stream too, the shard too.',
  }),
  metricsNamespace: setting<string>({
    default: 'KinesisProducerLibrary',
    awsName: 'MetricsNamespace',
    help: 'The namespace of uploaded metrics.',
  }),
  metricsUploadMs: setting<number>({
    unit: 'ms',
    default: 60_000,
    range: [1, 2_147_483_647],
    awsName: 'MetricsUploadDelay',
    help: 'Between two uploads.',
  }),
} as const;

export type Settings = SettingsOf<typeof SETTINGS>;

/** Settings that contradict each other. */
const RULES: readonly SettingsRule<Settings>[] = [
  {
    broken: ({ aggregationBytesMax, collectionBytesMax }) => aggregationBytesMax > collectionBytesMax,
    advice: 'aggregationBytesMax may not exceed collectionBytesMax',
  },
  {
    broken: ({ userRecordBytesMax, bufferBytesMax }) => userRecordBytesMax > bufferBytesMax,
    advice: 'bufferBytesMax must have room for a record of userRecordBytesMax',
  },
  {
    broken: ({ recordBufferedMsMax, recordTtlMs }) => recordBufferedMsMax >= recordTtlMs,
    advice: 'recordTtlMs must be longer than recordBufferedMsMax, or every record expires',
  },
];

const invalid = (message: string): ProducerError => new ProducerError('InvalidSettings', message);

/** What is not given has its default. Throws a `ProducerError` that says what would be right. */
export const settingsFrom = (given: Partial<Settings>): Settings =>
  checkSettings(SETTINGS, given, RULES, invalid);
