import type { CloudWatchOperations } from '@millrace/aws-model/cloudwatch';
import type { Operation } from '@millrace/aws-protocol';
import type { Clock } from '@millrace/core';
import type { MetricStore } from '../store/metric-store.ts';
import type { Recorder } from '../store/recorder.ts';

/** What every operation gets. */
export interface CloudWatchDeps {
  readonly store: MetricStore;
  /** Flushed before every look at the store, so that an answer is as new as it can be. */
  readonly recorder: Recorder;
  readonly clock: Clock;
}

export type CloudWatchOperation<Name extends keyof CloudWatchOperations> = Operation<
  CloudWatchOperations,
  Name,
  CloudWatchDeps
>;
