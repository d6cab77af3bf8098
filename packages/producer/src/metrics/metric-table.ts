import type { MetricUnit } from '@millrace/client-common';

interface MetricRow {
  readonly unit: MetricUnit;
  /** At which `metricsLevel` it is uploaded. */
  readonly level: 'summary' | 'detailed';
  readonly help: string;
}

const metric = (unit: MetricUnit, level: MetricRow['level'], help: string): MetricRow => ({
  unit,
  level,
  help,
});

/** The KPL's metrics by their names. A failure counts as a 0, so that an average is the share of success. */
export const METRICS = {
  UserRecordsReceived: metric('Count', 'detailed', 'User records admitted.'),
  UserRecordsPending: metric('Count', 'detailed', 'User records that are not settled, now and then.'),
  UserRecordsPut: metric('Count', 'summary', '1 for a user record that was put, 0 for one that failed.'),
  UserRecordsDataPut: metric('Bytes', 'detailed', 'Their data; 0 for one that failed.'),
  KinesisRecordsPut: metric('Count', 'summary', '1 for a record that was put, 0 for one that failed.'),
  KinesisRecordsDataPut: metric('Bytes', 'detailed', 'Their data; 0 for one that failed.'),
  ErrorsByCode: metric('Count', 'detailed', 'Records that failed, by ErrorCode.'),
  AllErrors: metric('Count', 'summary', 'Records that failed.'),
  RetriesPerRecord: metric('Count', 'detailed', 'Attempts of a user record beyond the first.'),
  BufferingTime: metric('Milliseconds', 'summary', 'From a user record’s admission to its first attempt.'),
  RequestTime: metric('Milliseconds', 'detailed', 'From a request to its answer.'),
  UserRecordsPerKinesisRecord: metric('Count', 'detailed', 'User records in a record.'),
  KinesisRecordsPerPutRecordsRequest: metric('Count', 'summary', 'Records in a request.'),
  UserRecordsPerPutRecordsRequest: metric('Count', 'detailed', 'User records in a request.'),
  UserRecordExpired: metric('Count', 'summary', 'User records that were not put in time.'),
} as const;

export type MetricName = keyof typeof METRICS;
