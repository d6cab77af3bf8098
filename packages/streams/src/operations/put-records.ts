import type { PutRecordsRequestEntry, PutRecordsResultEntry } from '@millrace/aws-model/kinesis';
import type { Stream } from '@millrace/catalog';
import { PUT_RECORDS_BYTES_MAX, positionOf } from '@millrace/core';
import type { LogEntry } from '@millrace/log';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { countThrottled, measurePutRecords } from '../metrics/measure-puts.ts';
import { isThrottling } from '../model/append-error.ts';
import { encryptionTypeOf, storageOf } from '../model/data-keys.ts';
import { dryRunPassed, missingMembers, rateExceededText, requestTooLarge } from '../model/errors.ts';
import { requireStillWritable, requireWritableStream } from '../model/find-stream.ts';
import { checkRecordSize, recordBytes } from '../model/incoming-record.ts';
import { keyRefusal } from '../model/key-refusal.ts';
import { type Route, routerOf } from '../model/routing.ts';
import { sequenceNumbersOf } from '../model/sequence-numbers.ts';

/** The records of one shard, and where each stands in the request. */
interface Batch {
  readonly entries: LogEntry[];
  readonly places: number[];
}

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

const batchesOf = (records: Iterable<PlacedRecord>, stream: Stream): Map<Route, Batch> => {
  const routeOf = routerOf(stream);
  const batches = new Map<Route, Batch>();
  for (const [place, { PartitionKey: key = '', Data: value, ExplicitHashKey }] of records) {
    const route = routeOf(key, ExplicitHashKey);
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

const throttled = ({ shardId }: Route, stream: Stream, deps: StreamsDeps): PutRecordsResultEntry => {
  countThrottled(deps, stream, shardId);
  return {
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: rateExceededText(shardId, stream),
  };
};

const failureOf = (error: unknown, route: Route, stream: Stream, deps: StreamsDeps): PutRecordsResultEntry =>
  isThrottling(error)
    ? throttled(route, stream, deps)
    : { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };

/** One PutRecords under way. */
interface Call {
  readonly records: readonly PutRecordsRequestEntry[];
  readonly answers: PutRecordsResultEntry[];
  readonly deps: StreamsDeps;
}

/** Appends one shard's records and writes their answers. */
const appendBatch = async (
  route: Route,
  { entries, places }: Batch,
  stream: Stream,
  call: Call,
  reroutes: number,
): Promise<void> => {
  const { shard, shardId, log } = route;
  const { answers, deps } = call;
  const { engine, gate, onEvent } = deps;
  try {
    const appending = gate.write(stream.id, shard.index, log, () =>
      engine.append(log, entries, storageOf(stream)),
    );
    if (appending === undefined) {
      await gate.reopened(stream.id, reroutes);
      return await appendAll(places, requireStillWritable(stream, deps), call, reroutes + 1);
    }
    const { first, arrivalMs } = await appending;
    const numberOf = sequenceNumbersOf(shard, arrivalMs);
    for (const [index, place] of places.entries()) {
      answers[place] = { ShardId: shardId, SequenceNumber: numberOf(positionOf(first + index)) };
    }
  } catch (error) {
    const refusal = keyRefusal(error);
    if (refusal !== undefined) throw refusal;
    if (!isThrottling(error)) onEvent({ type: 'append-failed', streamId: stream.id, error });
    for (const place of places) answers[place] = failureOf(error, route, stream, deps);
  }
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

/** Records of a shard that is closing are divided anew among its children. */
const appendAll = async (
  places: Iterable<number>,
  stream: Stream,
  call: Call,
  reroutes: number,
): Promise<void> => {
  const batches = batchesOf(placed(places, call.records), stream);
  await Promise.all(
    Array.from(batches, ([route, batch]) => appendBatch(route, batch, stream, call, reroutes)),
  );
};

/** Answers the records that their shard has no room for now, and leaves the others. */
const admitted = (batches: Map<Route, Batch>, stream: Stream, { answers, deps }: Call): Map<Route, Batch> => {
  const { throughput } = deps;
  if (throughput === undefined) return batches;
  const left = new Map<Route, Batch>();
  for (const [route, { entries, places }] of batches) {
    const batch: Batch = { entries: [], places: [] };
    for (const [index, entry] of entries.entries()) {
      const place = places[index] ?? 0;
      if (throughput.takeRecord(route.log, recordBytes(entry.key, entry.value))) {
        batch.entries.push(entry);
        batch.places.push(place);
      } else answers[place] = throttled(route, stream, deps);
    }
    if (batch.places.length > 0) left.set(route, batch);
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

/** One append per shard, all at once; answers stand in the order of the request. */
export const putRecords: KinesisOperation<'PutRecords'> = measurePutRecords(async (input, deps, context) => {
  const { Records: records } = input;
  const stream = requireWritableStream(input, deps, context);
  checkPartitionKeys(records, stream);
  checkSizes(records, stream);
  const batches = batchesOf(records.entries(), stream);
  if (input.DryRun === true) throw dryRunPassed();
  const answers = new Array<PutRecordsResultEntry>(records.length);
  const call = { records, answers, deps };
  const taken = admitted(batches, stream, call);
  await Promise.all(Array.from(taken, ([route, batch]) => appendBatch(route, batch, stream, call, 0)));
  noteDemand(stream, call);
  const failed = answers.filter(({ ErrorCode }) => ErrorCode !== undefined);
  return {
    FailedRecordCount: failed.length,
    Records: answers,
    EncryptionType: encryptionTypeOf(stream),
  };
});
