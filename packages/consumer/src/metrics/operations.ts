import type { MetricUnit } from '@millrace/client-common';

export interface MetricRow {
  readonly unit: MetricUnit;
  /** At which `metricsLevel` it is uploaded. */
  readonly level: 'summary' | 'detailed';
  readonly help: string;
}

/** Whose they are: of the application as a whole, of each worker, of each shard. */
export type MetricScopeKind = 'application' | 'worker' | 'shard';

const row =
  (unit: MetricUnit, level: MetricRow['level']) =>
  (help: string): MetricRow => ({ unit, level, help });

const count = row('Count', 'summary');
const countDetail = row('Count', 'detailed');
const time = row('Milliseconds', 'summary');
const timeDetail = row('Milliseconds', 'detailed');

/** Every operation has these. A failure counts as a 0, so that an average is the share of success. */
const outcome = (what: string) => ({
  Success: count(`1 for ${what}, 0 for one that failed.`),
  Time: time('How long it took.'),
});

const operation = <Kind extends MetricScopeKind, Metrics extends Record<string, MetricRow>>(
  kind: Kind,
  metrics: Metrics,
) => ({ kind, metrics });

/** The KCL's metrics by their names: what it does, and what is measured of it. */
export const OPERATIONS = {
  ProcessTask: operation('shard', {
    'KinesisDataFetcher.getRecords.Success': countDetail('1 for a GetRecords, 0 for one that failed.'),
    'KinesisDataFetcher.getRecords.Time': timeDetail('From GetRecords to its answer.'),
    'UpdateLease.Success': countDetail('1 for a checkpoint, 0 for one that failed.'),
    'UpdateLease.Time': timeDetail('How long it took to write.'),
    DataBytesProcessed: row('Bytes', 'summary')('Data of a batch, as it was stored.'),
    RecordsProcessed: count('User records of a batch.'),
    ExpiredIterator: count('Iterators that were not used in time.'),
    MillisBehindLatest: time('How far a batch lay behind the end of the shard.'),
    'RecordProcessor.processRecords.Time': time('The application’s work on a batch.'),
    ...outcome('a batch that was processed'),
  }),
  ApplicationTracker: operation('application', {
    MillisBehindLatest: time('The same, of all shards together.'),
  }),
  InitializeTask: operation('application', {
    'KinesisDataFetcher.getIterator.Success': countDetail('1 for an iterator, 0 for one that failed.'),
    'KinesisDataFetcher.getIterator.Time': timeDetail('From GetShardIterator to its answer.'),
    'RecordProcessor.initialize.Time': time('The application’s part of it.'),
    ...outcome('a processor that has begun'),
  }),
  ShutdownTask: operation('application', {
    'CreateLease.Success': countDetail('1 for a child’s lease, 0 for one that failed.'),
    'CreateLease.Time': timeDetail('How long it took to write.'),
    'RecordProcessor.shutdown.Time': time('The application’s part of it.'),
    ...outcome('a processor that has come to its end'),
  }),
  BlockOnParentShardTask: operation('application', outcome('a shard whose parents are done')),
  ShardSyncTask: operation('application', {
    'CreateLease.Success': countDetail('1 for a lease that was missing, 0 for one that failed.'),
    'CreateLease.Time': timeDetail('How long it took to write.'),
    ...outcome('a look for missing leases'),
  }),
  PeriodicShardSyncManager: operation('application', {
    NumStreamsWithPartialLeases: count('Streams with a hole between their leases.'),
    NumStreamsToSync: count('Those of them whose hole has stayed.'),
    ...outcome('an audit of all streams'),
  }),
  MultiStreamTracker: operation('application', {
    'ActiveStreams.Count': count('Streams that are read.'),
    'StreamsPendingDeletion.Count': count('Streams not read any more that still have leases.'),
    'DeletedStreams.Count': count('Streams whose leases were removed.'),
  }),
  LeaseAssignmentManager: operation('application', {
    TotalLeases: count('Leases of the application.'),
    NumWorkers: count('Workers of the application.'),
    NumOfLeasesReassignment: count('Leases given to a worker.'),
    FailedAssignmentCount: countDetail('Leases that could not be given.'),
    ...outcome('a round of assignments'),
  }),
  WorkerMetricStatsReporter: operation('worker', outcome('a report of how busy the worker is')),
  LeaseDiscovery: operation('worker', {
    NewLeasesDiscovered: countDetail('Leases given to this worker.'),
    ...outcome('a look for leases given to this worker'),
  }),
  RenewAllLeases: operation('worker', {
    'RenewLease.Success': countDetail('1 for a renewal, 0 for one that failed.'),
    'RenewLease.Time': timeDetail('How long it took to write.'),
    CurrentLeases: count('Leases of the worker, then.'),
    LostLeases: count('Leases that were lost.'),
    ...outcome('a renewal of all leases'),
  }),
  TakeLeases: operation('worker', {
    'TakeLease.Success': countDetail('1 for a lease, 0 for one that another was faster with.'),
    'TakeLease.Time': timeDetail('How long it took to write.'),
    NumWorkers: count('Workers that have leases.'),
    LeasesToTake: countDetail('Leases that the worker went to take.'),
    TakenLeases: count('Leases taken.'),
    TotalLeases: countDetail('Leases of the application.'),
    ExpiredLeases: count('Leases that nobody renews.'),
    ...outcome('a round of taking'),
  }),
} as const;

export type Operation = keyof typeof OPERATIONS;
export type MetricName<Op extends Operation> = keyof (typeof OPERATIONS)[Op]['metrics'] & string;
export type OperationOf<Kind extends MetricScopeKind> = {
  [Op in Operation]: (typeof OPERATIONS)[Op]['kind'] extends Kind ? Op : never;
}[Operation];
