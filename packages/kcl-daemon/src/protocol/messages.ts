/**
 * The multi-language protocol: one JSON object on each line. To the child:
 *
 *   initialize         shardId, sequenceNumber, subSequenceNumber
 *   processRecords     records, millisBehindLatest
 *   leaseLost, shardEnded, shutdownRequested
 *   checkpoint         sequenceNumber, subSequenceNumber, error: the answer to its own `checkpoint`
 *
 * From the child: `status` with `responseFor` for each of the first five, and while it works on one of them
 * `checkpoint` with `sequenceNumber` and `subSequenceNumber`, each of which may be null or left out.
 */
import type { Beginning, ConsumedRecord } from '@millrace/consumer';

export type Action = 'initialize' | 'processRecords' | 'leaseLost' | 'shardEnded' | 'shutdownRequested';

export interface Request {
  readonly action: Action;
}

/** What the child asks to be written down; all that was delivered when the sequence number is null. */
export interface CheckpointWish {
  readonly action: 'checkpoint';
  readonly sequenceNumber: string | null;
  readonly subSequenceNumber: number | null;
}

export interface Status {
  readonly action: 'status';
  readonly responseFor: string;
}

/** The names of the Java library's exceptions, which children compare with. */
export type CheckpointFailure =
  | 'InvalidStateException'
  | 'ShutdownException'
  | 'ThrottlingException'
  | 'IllegalArgumentException'
  | 'KinesisClientLibDependencyException';

export const initializeRequest = ({ shardId, checkpoint }: Beginning): Request => ({
  action: 'initialize',
  ...{ shardId, sequenceNumber: checkpoint.sequenceNumber, subSequenceNumber: checkpoint.subSequenceNumber },
});

const recordMessage = (record: ConsumedRecord): object => ({
  action: 'record',
  partitionKey: record.partitionKey,
  sequenceNumber: record.sequenceNumber,
  subSequenceNumber: record.subSequenceNumber,
  /** Milliseconds since the epoch. */
  approximateArrivalTimestamp: record.arrived.getTime(),
  data: record.data.toString('base64'),
});

export const processRecordsRequest = (
  records: readonly ConsumedRecord[],
  millisBehindLatest: number,
): Request => ({
  action: 'processRecords',
  ...{ millisBehindLatest, records: records.map(recordMessage) },
});

/** Names both numbers even when they are null: children look them up without asking. */
export const checkpointAnswer = (
  { sequenceNumber, subSequenceNumber }: CheckpointWish,
  error: CheckpointFailure | null,
): object => ({ action: 'checkpoint', sequenceNumber, subSequenceNumber, error });

export const lineOf = (message: object): string => `${JSON.stringify(message)}\n`;

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** A sequence number that was written as a number is too long for one: its digits are kept. */
const keepDigits: Reviver = (key, value, { source }) =>
  key === 'sequenceNumber' && typeof value === 'number' ? source : value;

const parsed = (line: string): Readonly<Record<string, unknown>> => {
  const value: unknown = JSON.parse(line, keepDigits as Parameters<typeof JSON.parse>[1]);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};

const wishFrom = (message: Readonly<Record<string, unknown>>): CheckpointWish | undefined => {
  const { sequenceNumber = null, subSequenceNumber = null } = message;
  if (sequenceNumber !== null && typeof sequenceNumber !== 'string') return undefined;
  const sub = subSequenceNumber === null ? null : Number(subSequenceNumber);
  if (sub !== null && (!Number.isSafeInteger(sub) || sub < 0)) return undefined;
  return { action: 'checkpoint', sequenceNumber, subSequenceNumber: sub };
};

const READERS: Readonly<
  Record<string, (message: Readonly<Record<string, unknown>>) => CheckpointWish | Status | undefined>
> = {
  checkpoint: wishFrom,
  status: ({ responseFor }) => ({ action: 'status', responseFor: String(responseFor ?? '') }),
};

/** Undefined for a line that is no message: a child may print what it likes in between. */
export const messageFrom = (line: string): CheckpointWish | Status | undefined => {
  try {
    const message = parsed(line);
    const action = String(message.action);
    return Object.hasOwn(READERS, action) ? READERS[action]?.(message) : undefined;
  } catch {
    return undefined;
  }
};
