import type { PutRecordsRequestEntry, PutRecordsResultEntry } from '@millrace/aws-model/kinesis';
import type { Stream } from '@millrace/catalog';
import { PUT_RECORDS_BYTES_MAX, positionOf } from '@millrace/core';
import type { LogEntry } from '@millrace/log';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { isThrottling } from '../model/append-error.ts';
import { dryRunPassed, missingMembers, rateExceededText, requestTooLarge } from '../model/errors.ts';
import { requireWritableStream } from '../model/find-stream.ts';
import { checkRecordSize, recordBytes } from '../model/incoming-record.ts';
import { type Route, routeFor, routingOf } from '../model/routing.ts';
import { sequenceNumbersOf } from '../model/sequence-numbers.ts';

/** The records of one shard, and where each stands in the request. */
interface Batch {
  readonly entries: LogEntry[];
  readonly places: number[];
}

const checkPartitionKeys = (records: readonly PutRecordsRequestEntry[]): void => {
  if (records.every(({ PartitionKey }) => PartitionKey !== undefined)) return;
  const missing = records.flatMap(({ PartitionKey }, index) =>
    PartitionKey === undefined ? [`records.${index + 1}.member.partitionKey`] : [],
  );
  throw missingMembers(missing);
};

const checkSizes = (records: readonly PutRecordsRequestEntry[], stream: Stream): void => {
  let total = 0;
  for (const { PartitionKey = '', Data } of records) {
    const bytes = recordBytes(PartitionKey, Data);
    checkRecordSize(bytes, stream);
    total += bytes;
  }
  if (total > PUT_RECORDS_BYTES_MAX) throw requestTooLarge(total, PUT_RECORDS_BYTES_MAX);
};

const batchesOf = (records: readonly PutRecordsRequestEntry[], stream: Stream): Map<Route, Batch> => {
  const routing = routingOf(stream);
  const batches = new Map<Route, Batch>();
  for (const [place, { PartitionKey: key = '', Data: value, ExplicitHashKey }] of records.entries()) {
    const route = routeFor(routing, key, ExplicitHashKey);
    let batch = batches.get(route);
    if (batch === undefined) {
      batch = { entries: [], places: [] };
      batches.set(route, batch);
    }
    batch.entries.push({ key, value });
    batch.places.push(place);
  }
  return batches;
};

const failureOf = (error: unknown, { shardId }: Route, stream: Stream): PutRecordsResultEntry =>
  isThrottling(error)
    ? {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: rateExceededText(shardId, stream),
      }
    : { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };

/** Appends one shard's records and writes their answers; says how many failed: none or all. */
const appendBatch = async (
  route: Route,
  { entries, places }: Batch,
  answers: PutRecordsResultEntry[],
  stream: Stream,
  { engine, onEvent }: StreamsDeps,
): Promise<number> => {
  try {
    const { first, arrivalMs } = await engine.append(route.log, entries);
    const numberOf = sequenceNumbersOf(route.shard, arrivalMs);
    for (const [index, place] of places.entries()) {
      answers[place] = { ShardId: route.shardId, SequenceNumber: numberOf(positionOf(first + index)) };
    }
    return 0;
  } catch (error) {
    if (!isThrottling(error)) onEvent({ type: 'append-failed', streamId: stream.id, error });
    for (const place of places) answers[place] = failureOf(error, route, stream);
    return places.length;
  }
};

/** One append per shard, all at once; answers stand in the order of the request. */
export const putRecords: KinesisOperation<'PutRecords'> = async (input, deps, context) => {
  const { Records: records } = input;
  const stream = requireWritableStream(input, deps, context);
  checkPartitionKeys(records);
  checkSizes(records, stream);
  const batches = batchesOf(records, stream);
  if (input.DryRun === true) throw dryRunPassed();
  const answers = new Array<PutRecordsResultEntry>(records.length);
  const failed = await Promise.all(
    Array.from(batches, ([route, batch]) => appendBatch(route, batch, answers, stream, deps)),
  );
  return { FailedRecordCount: failed.reduce((sum, count) => sum + count, 0), Records: answers };
};
