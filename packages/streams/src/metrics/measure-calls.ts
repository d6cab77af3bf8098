import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import { ServiceError } from '@millrace/aws-protocol';
import type { Stream } from '@millrace/catalog';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { findStream, type StreamReference } from '../model/find-stream.ts';

type Name = 'PutRecord' | 'PutRecords';
type Input<N extends Name> = KinesisOperations[N]['input'];
type Output<N extends Name> = KinesisOperations[N]['output'];
type Context = Parameters<typeof findStream>[2];

export const isThrottled = (error: unknown): boolean =>
  error instanceof ServiceError && error.code === 'ProvisionedThroughputExceededException';

/** A dry run does nothing that could be measured. */
const isDryRun = (error: unknown): boolean =>
  error instanceof ServiceError && error.code === 'DryRunOperationException';

/** Undefined for a call that names no stream of ours: there is nothing to report it under. */
const streamOf = (input: StreamReference, deps: StreamsDeps, context: Context): Stream | undefined => {
  try {
    return findStream(input, deps, context).stream;
  } catch {
    return undefined;
  }
};

export interface CallReport<N extends Name> {
  readonly answered: (input: Input<N>, answer: Output<N>, stream: Stream, deps: StreamsDeps) => void;
  readonly refused: (error: unknown, stream: Stream, deps: StreamsDeps) => void;
}

/**
 * The operation with its calls reported: how long, how often, and what the answer tells. Nothing inside it
 * needs to know.
 */
export const measureCalls =
  <N extends Name>(name: N, report: CallReport<N>) =>
  (
    operation: (input: Input<N>, deps: StreamsDeps, context: Context) => Promise<Output<N>>,
  ): KinesisOperation<N> => {
    const latency = `${name}.Latency` as const;
    const measured = async (input: Input<N>, deps: StreamsDeps, context: Context): Promise<Output<N>> => {
      const startedMs = deps.clock.monotonic();
      try {
        const answer = await operation(input, deps, context);
        const stream = streamOf(input, deps, context);
        if (stream === undefined) return answer;
        deps.metrics.of(stream).observe(latency, deps.clock.monotonic() - startedMs);
        report.answered(input, answer, stream, deps);
        return answer;
      } catch (error) {
        const stream = isDryRun(error) ? undefined : streamOf(input, deps, context);
        if (stream !== undefined) {
          deps.metrics.of(stream).observe(latency, deps.clock.monotonic() - startedMs);
          report.refused(error, stream, deps);
        }
        throw error;
      }
    };
    return measured as KinesisOperation<N>;
  };
