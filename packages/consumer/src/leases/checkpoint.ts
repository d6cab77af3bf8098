/** How far a shard was processed: a place in it, or one of the words below with sub-sequence number 0. */
export interface Checkpoint {
  readonly sequenceNumber: string;
  /** Of a user record within its aggregate; 0 for a record that is none. */
  readonly subSequenceNumber: number;
}

/** Where the words stand among the sequence numbers, which have rank 0. */
const RANKS = { AT_TIMESTAMP: -3, TRIM_HORIZON: -2, LATEST: -1, SHARD_END: 1 } as const;

export type Sentinel = keyof typeof RANKS;

const sentinel = (sequenceNumber: Sentinel): Checkpoint => ({ sequenceNumber, subSequenceNumber: 0 });

export const TRIM_HORIZON = sentinel('TRIM_HORIZON');
export const LATEST = sentinel('LATEST');
export const AT_TIMESTAMP = sentinel('AT_TIMESTAMP');
export const SHARD_END = sentinel('SHARD_END');

const NINE = '9'.charCodeAt(0);

/** Words begin behind the digits, so that most texts need no look. */
const rankOf = (sequenceNumber: string): number =>
  sequenceNumber.charCodeAt(0) > NINE && Object.hasOwn(RANKS, sequenceNumber)
    ? RANKS[sequenceNumber as Sentinel]
    : 0;

const SEQUENCE_NUMBER = /^(?:0|[1-9]\d{0,127})$/;

export const isSequenceNumber = (text: string): boolean => SEQUENCE_NUMBER.test(text);
export const isCheckpointText = (text: string): boolean => isSequenceNumber(text) || rankOf(text) !== 0;
export const isShardEnd = ({ sequenceNumber }: Checkpoint): boolean => sequenceNumber === 'SHARD_END';

/** Decimal texts without leading zeros: the longer is the larger. */
const compareNumbers = (a: string, b: string): number => {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Below, equal to or above 0, as for sorting. */
export const compareCheckpoints = (a: Checkpoint, b: Checkpoint): number => {
  const [rankA, rankB] = [rankOf(a.sequenceNumber), rankOf(b.sequenceNumber)];
  if (rankA !== rankB) return rankA - rankB;
  if (rankA !== 0) return 0;
  return compareNumbers(a.sequenceNumber, b.sequenceNumber) || a.subSequenceNumber - b.subSequenceNumber;
};
