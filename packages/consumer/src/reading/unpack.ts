import { deaggregate, type HashKeyRange, type KnownKeys, knownKeys } from '@millrace/aggregation';
import type { Report } from '../event.ts';
import { type Checkpoint, compareCheckpoints } from '../leases/checkpoint.ts';
import type { OutsideRange } from '../settings.ts';
import type { StoredRecord } from './transport.ts';
import type { ConsumedRecord } from './user-record.ts';

export interface UnpackOptions {
  readonly streamName: string;
  readonly shardId: string;
  readonly range: HashKeyRange | undefined;
  readonly outside: OutsideRange;
  /** What was done already: it is read once more when work goes on in the middle of an aggregate. */
  readonly after: Checkpoint;
  readonly report: Report;
}

export interface Unpacked {
  readonly records: readonly ConsumedRecord[];
  /** The last place of all that was read, though nothing of it be left; undefined when nothing was read. */
  readonly end: Checkpoint | undefined;
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

const unpackOne = (stored: StoredRecord, options: UnpackOptions, known: KnownKeys): ConsumedRecord[] => {
  const { sequenceNumber, arrived } = stored;
  const { streamName, shardId, range, outside, report } = options;
  const { records, droppedCount } = deaggregate(stored, { range, outside, known });
  if (droppedCount > 0) {
    report({ kind: 'aggregateDropped', shardId, sequenceNumber, recordCount: droppedCount });
  }
  return records.map((record) => ({
    ...record,
    data: asBuffer(record.data),
    streamName,
    shardId,
    sequenceNumber,
    arrived,
  }));
};

/** The user records of an answer, in order, without those that were done before. */
export const unpack = (stored: readonly StoredRecord[], options: UnpackOptions): Unpacked => {
  const known = knownKeys();
  const all = stored.flatMap((record) => unpackOne(record, options, known));
  const last = stored.at(-1);
  if (last === undefined) return { records: [], end: undefined };
  const end = { sequenceNumber: last.sequenceNumber, subSequenceNumber: 0 };
  const lastUser = all.at(-1);
  // They are in order: behind the first one that is new all are.
  const firstNew = all.findIndex((record) => compareCheckpoints(record, options.after) > 0);
  return {
    records: firstNew < 0 ? [] : all.slice(firstNew),
    end: lastUser !== undefined && compareCheckpoints(lastUser, end) > 0 ? lastUser : end,
  };
};
