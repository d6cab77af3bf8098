import type { KinesisOperation } from '../deps.ts';
import { isGone, isThrottling } from '../model/append-error.ts';
import { dryRunPassed, missingMembers, rateExceeded, streamNotFound } from '../model/errors.ts';
import { requireWritableStream } from '../model/find-stream.ts';
import { checkOrderingNumber, checkRecordSize, recordBytes } from '../model/incoming-record.ts';
import { routeFor, routingOf } from '../model/routing.ts';
import { sequenceNumbersOf } from '../model/sequence-numbers.ts';

export const putRecord: KinesisOperation<'PutRecord'> = async (input, deps, context) => {
  const { PartitionKey: key, Data: value, SequenceNumberForOrdering: orderingNumber } = input;
  const stream = requireWritableStream(input, deps, context);
  if (key === undefined) throw missingMembers(['partitionKey']);
  checkRecordSize(recordBytes(key, value), stream);
  const { shard, shardId, log } = routeFor(routingOf(stream), key, input.ExplicitHashKey);
  if (orderingNumber !== undefined) checkOrderingNumber(orderingNumber, stream, deps.clock.now());
  if (input.DryRun === true) throw dryRunPassed();
  try {
    const { first, arrivalMs } = await deps.engine.append(log, [{ key, value }]);
    return { ShardId: shardId, SequenceNumber: sequenceNumbersOf(shard, arrivalMs)(first) };
  } catch (error) {
    if (isThrottling(error)) throw rateExceeded(shardId, stream);
    if (isGone(error)) throw streamNotFound(stream);
    throw error;
  }
};
