import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import type { ServiceError } from '@millrace/aws-protocol';
import type { Stream } from '@millrace/catalog';
import type { LogEntry } from '@millrace/log';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { countThrottled, measurePutRecord } from '../metrics/measure-puts.ts';
import { isFull, isGone, isThrottling, storeUnavailable } from '../model/append-error.ts';
import { encryptionTypeOf, storageOf } from '../model/data-keys.ts';
import { dryRunPassed, missingMembers, noSpace, rateExceeded, streamNotFound } from '../model/errors.ts';
import { requireStillWritable, requireWritableStream } from '../model/find-stream.ts';
import { checkOrderingNumber, checkRecordSize, recordBytes } from '../model/incoming-record.ts';
import { keyRefusal } from '../model/key-refusal.ts';
import { type Route, routerOf } from '../model/routing.ts';
import { sequenceNumbersOf } from '../model/sequence-numbers.ts';

type Output = KinesisOperations['PutRecord']['output'];

interface Incoming extends LogEntry {
  readonly explicitHashKey: string | undefined;
}

const routeOf = ({ key, explicitHashKey }: Incoming, stream: Stream): Route =>
  routerOf(stream)(key, explicitHashKey);

const throttled = ({ shardId }: Route, stream: Stream, deps: StreamsDeps, error?: unknown): ServiceError => {
  countThrottled(deps, stream, shardId);
  return isFull(error) ? noSpace(shardId, stream) : rateExceeded(shardId, stream);
};

/** Appends to the shard where the record belongs. When that one is closing, a child of it takes the record. */
const put = async (
  record: Incoming,
  route: Route,
  stream: Stream,
  deps: StreamsDeps,
  reroutes = 0,
): Promise<Output> => {
  const { shard, shardId, log } = route;
  const append = () => deps.engine.append(log, [record], storageOf(stream));
  try {
    const appending = deps.gate.write(stream.id, shard.index, log, append);
    if (appending !== undefined) {
      const { first, arrivalMs } = await appending;
      return {
        ShardId: shardId,
        SequenceNumber: sequenceNumbersOf(shard, arrivalMs)(first),
        EncryptionType: encryptionTypeOf(stream),
      };
    }
    await deps.gate.reopened(stream.id, reroutes);
  } catch (error) {
    if (isThrottling(error)) throw throttled(route, stream, deps, error);
    if (isGone(error)) throw streamNotFound(stream);
    throw keyRefusal(error) ?? storeUnavailable(error) ?? error;
  }
  const now = requireStillWritable(stream, deps);
  return put(record, routeOf(record, now), now, deps, reroutes + 1);
};

export const putRecord: KinesisOperation<'PutRecord'> = measurePutRecord(async (input, deps, context) => {
  const { PartitionKey, Data: value, SequenceNumberForOrdering: orderingNumber } = input;
  const stream = requireWritableStream(input, deps, context);
  if (PartitionKey === undefined && stream.recordDistribution !== 'AUTO') {
    throw missingMembers(['partitionKey']);
  }
  const key = PartitionKey ?? '';
  const bytes = recordBytes(key, value);
  checkRecordSize(bytes, stream);
  const record = { key, value, explicitHashKey: input.ExplicitHashKey };
  const route = routeOf(record, stream);
  if (orderingNumber !== undefined) checkOrderingNumber(orderingNumber, stream, deps.clock.now());
  if (input.DryRun === true) throw dryRunPassed();
  if (deps.throughput?.takeRecord(route.log, bytes) === false) throw throttled(route, stream, deps);
  const answer = await put(record, route, stream, deps);
  deps.demand.note(stream, 1, bytes);
  return answer;
});
