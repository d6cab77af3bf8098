import type { PutRecordsRequestEntry, PutRecordsResultEntry } from '@millrace/aws-model/kinesis';
import type { Stream } from '@millrace/catalog';
import { PUT_RECORDS_BYTES_MAX, positionOf } from '@millrace/core';
import { type AppendOutcome, type LogEntry, LogError, type LogId } from '@millrace/log';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { countThrottled, measurePutRecords } from '../metrics/measure-puts.ts';
import { isFull, isStopped, isThrottling } from '../model/append-error.ts';
import { encryptionTypeOf, storageOf } from '../model/data-keys.ts';
import {
  dryRunPassed,
  missingMembers,
  noSpaceText,
  rateExceededText,
  requestTooLarge,
} from '../model/errors.ts';
import { requireStillWritable, requireWritableStream } from '../model/find-stream.ts';
import { checkRecordSize, recordBytes } from '../model/incoming-record.ts';
import { keyRefusal } from '../model/key-refusal.ts';
import { type Route, routerOf } from '../model/routing.ts';
import { sequenceNumbersOf } from '../model/sequence-numbers.ts';

/** The records of one shard, and where each stands in the request. */
interface Batch {
  readonly route: Route;
  readonly log: LogId;
  readonly entries: LogEntry[];
  readonly places: number[];
}

const emptyBatch = (route: Route): Batch => ({ route, log: route.log, entries: [], places: [] });

const checkPartitionKeys = (records: readonly PutRecordsRequestEntry[], stream: Stream): void => {
  if (stream.recordDistribution === 'AUTO') return;
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

type PlacedRecord = readonly [place: number, record: PutRecordsRequestEntry];

const batchesOf = (records: Iterable<PlacedRecord>, stream: Stream): Batch[] => {
  const routeOf = routerOf(stream);
  const batches = new Map<Route, Batch>();
  for (const [place, { PartitionKey: key = '', Data: value, ExplicitHashKey }] of records) {
    const route = routeOf(key, ExplicitHashKey);
    let batch = batches.get(route);
    if (batch === undefined) {
      batch = emptyBatch(route);
      batches.set(route, batch);
    }
    batch.entries.push({ key, value });
    batch.places.push(place);
  }
  return [...batches.values()];
};

const throttled = (
  { shardId }: Route,
  stream: Stream,
  deps: StreamsDeps,
  error?: unknown,
): PutRecordsResultEntry => {
  countThrottled(deps, stream, shardId);
  return {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: isFull(error) ? noSpaceText(shardId, stream) : rateExceededText(shardId, stream),
  };
};

const failureOf = (error: unknown, route: Route, stream: Stream, deps: StreamsDeps): PutRecordsResultEntry =>
  isThrottling(error)
    ? throttled(route, stream, deps, error)
    : { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };

/** One PutRecords under way. */
interface Call {
  readonly records: readonly PutRecordsRequestEntry[];
  readonly answers: PutRecordsResultEntry[];
  readonly deps: StreamsDeps;
}

const fail = (error: unknown, { route, places }: Batch, stream: Stream, { answers, deps }: Call): void => {
  const refusal = keyRefusal(error);
  if (refusal !== undefined) throw refusal;
  if (!isThrottling(error) && !isStopped(error)) {
    deps.onEvent({ type: 'append-failed', streamId: stream.id, error });
  }
  for (const place of places) answers[place] = failureOf(error, route, stream, deps);
};

/** Writes the answers of one shard's records. */
const answer = (outcome: AppendOutcome, batch: Batch, stream: Stream, call: Call): void => {
  if (outcome instanceof LogError) {
    fail(outcome, batch, stream, call);
    return;
  }
  const { route, places } = batch;
  const numberOf = sequenceNumbersOf(route.shard, outcome.arrivalMs);
  for (const [index, place] of places.entries()) {
    const SequenceNumber = numberOf(positionOf(outcome.first + index));
    call.answers[place] = { ShardId: route.shardId, SequenceNumber };
  }
};

/** Appends what the gate has let in. */
const append = async (inside: readonly Batch[], stream: Stream, call: Call): Promise<void> => {
  const { engine, gate } = call.deps;
  try {
    const outcomes = await engine.appendAll(inside, storageOf(stream));
    for (const [index, batch] of inside.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) answer(outcome, batch, stream, call);
    }
  } finally {
    for (const { log } of inside) gate.leave(log);
  }
};

/** Records of shards that are closing are divided anew among their children. */
const reroute = async (
  outside: readonly Batch[],
  stream: Stream,
  call: Call,
  reroutes: number,
): Promise<void> => {
  const { deps, records } = call;
  try {
    await deps.gate.reopened(stream.id, reroutes);
    const now = requireStillWritable(stream, deps);
    const places = outside.flatMap((batch) => batch.places);
    await appendBatches(batchesOf(placed(places, records), now), now, call, reroutes + 1);
  } catch (error) {
    for (const batch of outside) fail(error, batch, stream, call);
  }
};

const appendBatches = async (
  batches: readonly Batch[],
  stream: Stream,
  call: Call,
  reroutes = 0,
): Promise<void> => {
  const inside: Batch[] = [];
  const outside: Batch[] = [];
  for (const batch of batches) {
    const isIn = call.deps.gate.enter(stream.id, batch.route.shard.index, batch.log);
    (isIn ? inside : outside).push(batch);
  }
  const appending = append(inside, stream, call);
  if (outside.length === 0) return appending;
  await Promise.all([appending, reroute(outside, stream, call, reroutes)]);
};

function* placed(
  places: Iterable<number>,
  records: readonly PutRecordsRequestEntry[],
): Generator<PlacedRecord> {
  for (const place of places) {
    const record = records[place];
    if (record !== undefined) yield [place, record];
  }
}

/** Answers the records that their shard has no room for now, and leaves the others. */
const admitted = (batches: Batch[], stream: Stream, { answers, deps }: Call): Batch[] => {
  const { throughput } = deps;
  if (throughput === undefined) return batches;
  const left: Batch[] = [];
  for (const { route, entries, places } of batches) {
    const batch = emptyBatch(route);
    for (const [index, entry] of entries.entries()) {
      const place = places[index] ?? 0;
      if (throughput.takeRecord(route.log, recordBytes(entry.key, entry.value))) {
        batch.entries.push(entry);
        batch.places.push(place);
      } else answers[place] = throttled(route, stream, deps);
    }
    if (batch.places.length > 0) left.push(batch);
  }
  return left;
};

const noteDemand = (stream: Stream, { records, answers, deps }: Call): void => {
  if (stream.mode !== 'ON_DEMAND') return;
  const written = records.filter((_, place) => answers[place]?.ErrorCode === undefined);
  const bytes = written.reduce(
    (sum, { PartitionKey = '', Data }) => sum + recordBytes(PartitionKey, Data),
    0,
  );
  deps.demand.note(stream, written.length, bytes);
};

/** One append per shard, in one call; answers stand in the order of the request. */
export const putRecords: KinesisOperation<'PutRecords'> = measurePutRecords(async (input, deps, context) => {
  const { Records: records } = input;
  const stream = requireWritableStream(input, deps, context);
  checkPartitionKeys(records, stream);
  checkSizes(records, stream);
  const batches = batchesOf(records.entries(), stream);
  if (input.DryRun === true) throw dryRunPassed();
  const answers = new Array<PutRecordsResultEntry>(records.length);
  const call = { records, answers, deps };
  await appendBatches(admitted(batches, stream, call), stream, call);
  noteDemand(stream, call);
  const failed = answers.filter(({ ErrorCode }) => ErrorCode !== undefined);
  return {
    FailedRecordCount: failed.length,
    Records: answers,
    EncryptionType: encryptionTypeOf(stream),
  };
});
