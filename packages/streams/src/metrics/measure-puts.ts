import type { PutRecordsRequestEntry, PutRecordsResultEntry } from '@millrace/aws-model/kinesis';
import type { Stream } from '@millrace/catalog';
import type { ShardId } from '@millrace/core';
import type { StreamsDeps } from '../deps.ts';
import { recordBytes } from '../model/incoming-record.ts';
import { isThrottled, measureCalls } from './measure-calls.ts';

/** Records of one call that went into a stream or a shard, and those that had no room there. */
class Incoming {
  records = 0;
  bytes = 0;
  throttled = 0;

  add(bytes: number): void {
    this.records += 1;
    this.bytes += bytes;
  }
}

const reportShard = (incoming: Incoming, shardId: string, stream: Stream, { metrics }: StreamsDeps): void => {
  const shard = metrics.ofShard(stream, shardId);
  if (incoming.records > 0) {
    shard?.observe('IncomingBytes', incoming.bytes);
    shard?.observe('IncomingRecords', incoming.records);
  }
  shard?.observe('WriteProvisionedThroughputExceeded', incoming.throttled);
};

const reportStream = (incoming: Incoming, stream: Stream, { metrics }: StreamsDeps): void => {
  const measures = metrics.of(stream);
  if (incoming.records > 0) {
    measures.observe('IncomingBytes', incoming.bytes);
    measures.observe('IncomingRecords', incoming.records);
  }
  measures.observe('WriteProvisionedThroughputExceeded', incoming.throttled);
};

/** A record that its shard had no room for. The answer names no shard, so this is said where it happens. */
export const countThrottled = ({ metrics }: StreamsDeps, stream: Stream, shardId: ShardId): void => {
  metrics.ofShard(stream, shardId)?.observe('WriteProvisionedThroughputExceeded', 1);
};

/** Bytes are data and partition keys, as in AWS's limits. */
export const measurePutRecord = measureCalls('PutRecord', {
  answered({ PartitionKey = '', Data }, { ShardId }, stream, deps) {
    const incoming = new Incoming();
    incoming.add(recordBytes(PartitionKey, Data));
    const measures = deps.metrics.of(stream);
    measures.observe('PutRecord.Bytes', incoming.bytes);
    measures.observe('PutRecord.Success', 1);
    reportStream(incoming, stream, deps);
    if (stream.shardMetrics !== undefined) reportShard(incoming, ShardId, stream, deps);
  },
  refused(error, stream, { metrics }) {
    metrics.of(stream).observe('PutRecord.Success', 0);
    if (isThrottled(error)) metrics.of(stream).observe('WriteProvisionedThroughputExceeded', 1);
  },
});

type Records = readonly PutRecordsRequestEntry[];
type Results = readonly PutRecordsResultEntry[];

const THROTTLED = 'ProvisionedThroughputExceededException';

const incomingOf = (records: Records, results: Results): Incoming => {
  const incoming = new Incoming();
  for (const [place, { ErrorCode }] of results.entries()) {
    const record = records[place];
    if (ErrorCode === THROTTLED) incoming.throttled += 1;
    else if (ErrorCode === undefined && record) {
      incoming.add(recordBytes(record.PartitionKey ?? '', record.Data));
    }
  }
  return incoming;
};

/** Of the records that were taken; `countThrottled` tells of the others. */
const reportShards = (records: Records, results: Results, stream: Stream, deps: StreamsDeps): void => {
  const shards = new Map<string, Incoming>();
  for (const [place, { ShardId }] of results.entries()) {
    const record = records[place];
    if (ShardId === undefined || record === undefined) continue;
    const incoming = shards.get(ShardId) ?? new Incoming();
    incoming.add(recordBytes(record.PartitionKey ?? '', record.Data));
    shards.set(ShardId, incoming);
  }
  for (const [shardId, incoming] of shards) reportShard(incoming, shardId, stream, deps);
};

export const measurePutRecords = measureCalls('PutRecords', {
  answered({ Records: records }, { Records: results }, stream, deps) {
    const incoming = incomingOf(records, results);
    const failed = records.length - incoming.records - incoming.throttled;
    const measures = deps.metrics.of(stream);
    measures.observe('PutRecords.Bytes', incoming.bytes);
    // AWS: a call is a success when one of its records is.
    measures.observe('PutRecords.Success', incoming.records > 0 ? 1 : 0);
    measures.observe('PutRecords.TotalRecords', records.length);
    measures.observe('PutRecords.Records', incoming.records);
    measures.observe('PutRecords.SuccessfulRecords', incoming.records);
    measures.observe('PutRecords.FailedRecords', failed);
    measures.observe('PutRecords.ThrottledRecords', incoming.throttled);
    reportStream(incoming, stream, deps);
    if (stream.shardMetrics !== undefined) reportShards(records, results, stream, deps);
  },
  refused(error, stream, { metrics }) {
    metrics.of(stream).observe('PutRecords.Success', 0);
    if (isThrottled(error)) metrics.of(stream).observe('WriteProvisionedThroughputExceeded', 1);
  },
});
