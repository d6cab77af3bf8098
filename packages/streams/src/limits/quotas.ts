/** What AWS bounds, one row each: with `--limits aws` its value holds, `--limit NAME=VALUE` puts another in its place. */
export interface Quota {
  readonly aws: number;
  /** Where there is no such bound; a count that somebody must have chosen is chosen here. */
  readonly off: number;
  readonly unit: string;
  readonly origin: string;
}

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;
const NONE = Number.POSITIVE_INFINITY;

const bound = (aws: number, unit: string, origin: string, off = NONE): Quota => ({ aws, off, unit, origin });

/** AWS promises no times, so its own are none here: a slow day is made by `--limit`. */
const duration = (status: string): Quota => bound(0, 'ms', `how long a stream is at least ${status}`, 0);

export const QUOTAS = {
  'shard-write-bytes-per-second': bound(MIB, 'bytes/s', 'API model: 1 MiB/s into a shard, keys included'),
  'shard-write-records-per-second': bound(1_000, 'records/s', 'API model: 1,000 records/s into a shard'),
  'shard-write-burst-bytes': bound(
    10 * MIB,
    'bytes',
    'saved-up throughput that records above one second’s worth may draw on; AWS does not say how much, its largest record must fit',
  ),
  'shard-read-bytes-per-second': bound(2 * MIB, 'bytes/s', 'API model: 2 MiB/s out of a shard by GetRecords'),
  'shard-read-calls-per-second': bound(5, 'calls/s', 'API model: GetRecords on one shard'),
  'shard-iterator-calls-per-second': bound(5, 'calls/s', 'API model: GetShardIterator on one shard'),
  shards: bound(
    20_000,
    'open shards',
    'quotas page, account and region: us-east-1, us-west-2 and eu-west-1; 1,000 or 6,000 elsewhere',
    20_000,
  ),
  'on-demand-streams': bound(50, 'streams', 'quotas page, account and region'),
  'creating-streams': bound(5, 'streams', 'API model: CREATING at a time, account and region'),
  consumers: bound(20, 'consumers', 'API model: of one stream', 20),
  'advantage-consumers': bound(50, 'consumers', 'API model: of one stream with On-demand Advantage', 50),
  'shard-count-factor': bound(2, 'times', 'API model: UpdateShardCount to at most twice, at least half'),
  'shard-count-target': bound(10_000, 'shards', 'API model: UpdateShardCount', 20_000),
  'shard-count-updates-per-day': bound(10, 'calls', 'API model: UpdateShardCount of one stream in 24 h'),
  'mode-switches-per-day': bound(2, 'calls', 'documentation: UpdateStreamMode of one stream in 24 h'),
  'encryption-changes-per-day': bound(25, 'calls', 'API model: each of Start and Stop, one stream in 24 h'),
  'on-demand-mibps': bound(
    200,
    'MiB/s',
    'documentation: into one on-demand stream; 10 GiB/s in three regions',
    200,
  ),
  'warm-throughput-mibps': bound(10_240, 'MiB/s', 'API model: into one stream', 10_240),
  'commitment-ms': bound(DAY_MS, 'ms', 'API model: a commitment cannot end earlier', 0),
  'creating-ms': duration('CREATING'),
  'updating-ms': duration('UPDATING'),
  'deleting-ms': duration('DELETING'),
} as const satisfies Readonly<Record<string, Quota>>;

export type QuotaName = keyof typeof QUOTAS;
