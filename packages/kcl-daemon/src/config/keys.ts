import type { Settings } from '@millrace/consumer';
import type { RetrievalMode, Said } from './config.ts';
import { credentialSources } from './credentials.ts';
import {
  boundsOf,
  dimensions,
  flag,
  oneOf,
  optionalText,
  streamArn,
  text,
  url,
  wholeNumber,
  words,
} from './values.ts';

/** What one key of the file does. */
export type Key =
  | { readonly kind: 'says'; readonly read: (value: string) => Partial<Said> }
  | {
      readonly kind: 'setting';
      readonly read: (value: string) => Partial<Settings>;
      /** One of those by which the Java daemon knows that it is to poll. */
      readonly isPolling: boolean;
    }
  /** Known to the Java daemon, and without meaning here. */
  | { readonly kind: 'ignored'; readonly reason: string; readonly isPolling: boolean }
  /** Accepted with the value that changes nothing, and refused with any other. */
  | { readonly kind: 'fixed'; readonly value: string; readonly reason: string };

const says = <Name extends keyof Said>(name: Name, read: (value: string) => Said[Name]): Key => ({
  kind: 'says',
  read: (value) => ({ [name]: read(value) }) as Partial<Said>,
});
/** Of a number or a flag of the consumer. */
const setting = (name: keyof Settings, isPolling = false): Key => {
  const read = boundsOf(name);
  return { kind: 'setting', isPolling, read: (value) => ({ [name]: read(value) }) };
};
const chosen = <Name extends keyof Settings>(
  name: Name,
  choices: Readonly<Record<string, Settings[Name]>>,
): Key => {
  const read = oneOf(choices);
  return {
    kind: 'setting',
    isPolling: false,
    read: (value) => ({ [name]: read(value) }) as Partial<Settings>,
  };
};
const ignored = (reason: string, isPolling = false): Key => ({ kind: 'ignored', reason, isPolling });
const fixed = (value: string, reason: string): Key => ({ kind: 'fixed', value, reason });

const DAY_MS = 86_400_000;
const SECONDS_MAX = 9_000_000_000;

const NO_THREADS = 'there are no threads here';
const NO_SYNC = 'leases of new shards are made when their parents end, and a hole is found by looking for it';
const ON_DEMAND = 'the lease table is paid for by request';
const ONE_TABLE = 'all that workers share lies in the lease table';
const OWN_RETRIES = 'every call is tried again with a pause that grows';
const OWN_BALANCING = 'workers are measured by rules of their own';

/** Every key that the Java daemon knows, and those that its samples name. Their case counts. */
export const KEYS: Readonly<Record<string, Key>> = {
  executableName: says('executable', words),
  processingLanguage: ignored('it only told AWS which language is in use'),
  maxActiveThreads: ignored(NO_THREADS),

  applicationName: says('applicationName', text),
  streamName: says('streamName', text),
  streamArn: says('streamArn', (value) => ({ ...streamArn(value), arn: value })),
  tableName: says('tableName', text),
  workerId: says('workerId', optionalText),
  workerIdentifier: says('workerId', optionalText),
  initialPositionInStream: says(
    'initialPosition',
    oneOf({ LATEST: 'LATEST', TRIM_HORIZON: 'TRIM_HORIZON' } as const),
  ),
  initialPositionInStreamExtended: says(
    'initialTimestamp',
    (value) => new Date(wholeNumber(0, SECONDS_MAX)(value) * 1000),
  ),

  regionName: says('region', text),
  dynamoDBRegionName: says('dynamodbRegion', text),
  cloudWatchRegionName: says('cloudWatchRegion', text),
  'kinesisClient.region': says('kinesisRegion', text),
  'dynamoDbClient.region': says('dynamodbRegion', text),
  'cloudWatchClient.region': says('cloudWatchRegion', text),
  kinesisEndpoint: says('kinesisEndpoint', url),
  dynamoDBEndpoint: says('dynamodbEndpoint', url),
  'kinesisClient.endpointOverride': says('kinesisEndpoint', url),
  'dynamoDbClient.endpointOverride': says('dynamodbEndpoint', url),
  'cloudWatchClient.endpointOverride': says('cloudWatchEndpoint', url),
  awsCredentialsProvider: says('credentials', credentialSources),
  awsCredentialsProviderDynamoDB: says('dynamodbCredentials', credentialSources),
  awsCredentialsProviderCloudWatch: says('cloudWatchCredentials', credentialSources),

  timeoutInSeconds: says('timeoutSeconds', wholeNumber(1, DAY_MS / 1000)),
  shutdownGraceMillis: says('shutdownGraceMs', wholeNumber(0, DAY_MS)),

  retrievalMode: says(
    'retrievalMode',
    oneOf<RetrievalMode>({ FANOUT: 'FANOUT', POLLING: 'POLLING', DEFAULT: 'DEFAULT' }),
  ),
  'fanoutConfig.consumerName': says('consumerName', text),
  'fanoutConfig.consumerArn': says('consumerArn', text),
  'fanoutConfig.maxDescribeStreamSummaryRetries': ignored(OWN_RETRIES),
  'fanoutConfig.maxDescribeStreamConsumerRetries': ignored(OWN_RETRIES),
  'fanoutConfig.registerStreamConsumerRetries': ignored(OWN_RETRIES),
  'fanoutConfig.retryBackoffMillis': ignored(OWN_RETRIES),
  maxRecords: setting('readRecordsMax', true),
  idleTimeBetweenReadsInMillis: setting('idleMs', true),
  retryGetRecordsInSeconds: ignored(OWN_RETRIES, true),
  maxGetRecordsThreadPool: ignored(NO_THREADS, true),

  failoverTimeMillis: setting('failoverMs'),
  maxLeasesForWorker: setting('leasesMax'),
  maxLeasesToStealAtOneTime: setting('stealsMax'),
  parentShardPollIntervalMillis: setting('parentPollMs'),
  enablePriorityLeaseAssignment: ignored('leases that nobody renews for long are always taken first'),
  maxLeaseRenewalThreads: ignored(NO_THREADS),
  shardSyncIntervalMillis: ignored(NO_SYNC),
  skipShardSyncAtWorkerInitializationIfLeasesExist: ignored(NO_SYNC),
  ignoreUnexpectedChildShards: ignored(NO_SYNC),
  listShardsBackoffTimeInMillis: ignored(OWN_RETRIES),
  maxListShardsRetryAttempts: ignored(OWN_RETRIES),
  schedulerInitializationBackoffTimeMillis: ignored(OWN_RETRIES),
  taskBackoffTimeMillis: ignored(OWN_RETRIES),
  cleanupLeasesUponShardCompletion: fixed('true', 'leases of shards that are done with are always removed'),
  shardPrioritization: ignored('shards are worked on side by side, children after their parents'),
  callProcessRecordsEvenForEmptyRecordList: fixed('false', 'processRecords without records is not built yet'),
  validateSequenceNumberBeforeCheckpointing: ignored('a checkpoint has to lie among the records delivered'),
  logWarningForTaskAfterMillis: ignored('a child that is too slow is found with timeoutInSeconds'),

  initialLeaseTableReadCapacity: ignored(ON_DEMAND),
  initialLeaseTableWriteCapacity: ignored(ON_DEMAND),
  billingMode: ignored(ON_DEMAND),
  leaseTableDeletionProtectionEnabled: fixed('false', 'protect the table where it lies'),
  leaseTablePitrEnabled: fixed('false', 'turn point-in-time recovery on where the table lies'),

  metricsLevel: chosen('metricsLevel', { NONE: 'none', SUMMARY: 'summary', DETAILED: 'detailed' }),
  metricsBufferTimeMillis: setting('metricsUploadMs'),
  metricsMaxQueueSize: ignored('what is measured is summed up, in bounded memory'),
  metricsEnabledDimensions: {
    kind: 'setting',
    isPolling: false,
    read: (value) => ({ metricsDimensions: dimensions(value) }),
  },

  clientVersionConfig: chosen('balancing', {
    CLIENT_VERSION_CONFIG_3X: 'leader',
    CLIENT_VERSION_CONFIG_COMPATIBLE_WITH_2X: 'count',
    CLIENT_VERSION_CONFIG_COMPATIBLE_WITH_2X_PHASE1: 'count',
  }),
  isGracefulLeaseHandoffEnabled: setting('gracefulHandoff'),
  gracefulLeaseHandoffTimeoutMillis: setting('gracefulHandoffTimeoutMs'),
  leaseAssignmentIntervalMillis: ignored('a leader looks at the leases every 2 x failoverTimeMillis'),
  inMemoryWorkerMetricsCaptureFrequencyMillis: ignored(OWN_BALANCING),
  workerMetricsReporterFreqInMillis: setting('workerReportMs'),
  noOfPersistedMetricsPerWorkerMetrics: ignored(OWN_BALANCING),
  disableWorkerMetrics: chosen('workerMetrics', { TRUE: 'throughput', FALSE: 'auto' }),
  maxThroughputPerHostKBps: setting('throughputKBpsMax'),
  dampeningPercentage: setting('dampeningPercent'),
  reBalanceThresholdPercentage: setting('rebalanceThresholdPercent'),
  allowThroughputOvershoot: setting('allowThroughputOvershoot'),
  varianceBalancingFrequency: setting('varianceBalancingFrequency'),
  workerMetricsEMAAlpha: ignored(OWN_BALANCING),
  staleWorkerMetricsEntryCleanupDuration: ignored(OWN_BALANCING),
  coordinatorStateTableName: ignored(ONE_TABLE),
  coordinatorStateBillingMode: ignored(ONE_TABLE),
  coordinatorStateReadCapacity: ignored(ONE_TABLE),
  coordinatorStateWriteCapacity: ignored(ONE_TABLE),
  coordinatorStatePointInTimeRecoveryEnabled: ignored(ONE_TABLE),
  coordinatorStateDeletionProtectionEnabled: ignored(ONE_TABLE),
  coordinatorStateTags: ignored(ONE_TABLE),
  workerMetricsTableName: ignored(ONE_TABLE),
  workerMetricsBillingMode: ignored(ONE_TABLE),
  workerMetricsReadCapacity: ignored(ONE_TABLE),
  workerMetricsWriteCapacity: ignored(ONE_TABLE),
  workerMetricsPointInTimeRecoveryEnabled: ignored(ONE_TABLE),
  workerMetricsDeletionProtectionEnabled: ignored(ONE_TABLE),
  workerMetricsTags: ignored(ONE_TABLE),
};

/** The Java daemon takes the keys of credentials in any case, and no others. */
const CREDENTIALS = /^awscredentialsprovider/i;

export const keyOf = (name: string): { readonly name: string; readonly key: Key | undefined } => {
  const known = name.replace(CREDENTIALS, 'awsCredentialsProvider');
  return { name: known, key: Object.hasOwn(KEYS, known) ? KEYS[known] : undefined };
};

const LOWER = new Map(Object.keys(KEYS).map((name) => [name.toLowerCase(), name]));

/** The key that was meant, where only the case differs. */
export const meantBy = (name: string): string | undefined => LOWER.get(name.toLowerCase());

/** A value that leaves a `fixed` key as it is. */
export const isFixedValue = (fixedTo: string, value: string): boolean => {
  try {
    return flag(value) === flag(fixedTo);
  } catch {
    return false;
  }
};
