import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { hashKeyText, parseHashKey } from '@millrace/aggregation';
import { type Checkpoint, isCheckpointText } from './checkpoint.ts';
import type { Lease, LeaseChange, PendingCheckpoint } from './lease.ts';

/**
 * A lease in the table that all versions of the Kinesis Client Library share:
 *
 *   leaseKey S                        leaseOwner S                     leaseCounter N
 *   ownerSwitchesSinceCheckpoint N    checkpoint S                     checkpointSubSequenceNumber N
 *   pendingCheckpoint S               pendingCheckpointSubSequenceNumber N    pendingCheckpointState B
 *   parentShardId SS                  childShardIds SS                 startingHashKey S    endingHashKey S
 *   throughputKBps N                  checkpointOwner S                entityType S "LEASE", or absent
 *
 * and, where an application reads many streams, streamName S, which holds the stream's id, and shardId S.
 * What is absent has no attribute: a set is never empty. The table has rows of other kinds too.
 */
export type LeaseItem = Record<string, AttributeValue>;

const ENTITY_TYPE = 'LEASE';

/** Attributes to write; undefined for one to remove. */
type Attributes = Record<string, AttributeValue | undefined>;

const text = (value: string | undefined): AttributeValue | undefined =>
  value === undefined ? undefined : { S: value };
const number = (value: number | undefined): AttributeValue | undefined =>
  value === undefined ? undefined : { N: String(value) };
const set = (values: readonly string[]): AttributeValue | undefined =>
  values.length === 0 ? undefined : { SS: [...values] };

const place = (prefix: string, value: Checkpoint | undefined): Attributes => ({
  [prefix]: text(value?.sequenceNumber),
  [`${prefix}SubSequenceNumber`]: number(value?.subSequenceNumber),
});

type Fields = Omit<Lease, 'leaseKey' | 'shardId' | 'streamId'>;

const WRITE: { readonly [Field in keyof Fields]: (value: Fields[Field] | undefined) => Attributes } = {
  owner: (value) => ({ leaseOwner: text(value) }),
  counter: (value) => ({ leaseCounter: number(value) }),
  ownerSwitches: (value) => ({ ownerSwitchesSinceCheckpoint: number(value) }),
  checkpoint: (value) => place('checkpoint', value),
  pending: (value) => ({
    ...place('pendingCheckpoint', value?.checkpoint),
    pendingCheckpointState: value?.state === undefined ? undefined : { B: value.state },
  }),
  parentShardIds: (value) => ({ parentShardId: set(value ?? []) }),
  childShardIds: (value) => ({ childShardIds: set(value ?? []) }),
  range: (value) => ({
    startingHashKey: value && text(hashKeyText(value.start)),
    endingHashKey: value && text(hashKeyText(value.end)),
  }),
  throughputKBps: (value) => ({ throughputKBps: number(value) }),
  checkpointOwner: (value) => ({ checkpointOwner: text(value) }),
};

export const attributesOf = (change: LeaseChange | Fields): Attributes =>
  Object.assign(
    {},
    ...Object.entries(change).flatMap(([field, value]) => {
      const write = WRITE[field as keyof Fields] as ((value: unknown) => Attributes) | undefined;
      return write === undefined ? [] : [write(value)];
    }),
  );

export const itemOf = (lease: Lease): LeaseItem => {
  const { leaseKey, streamId, shardId } = lease;
  const item: LeaseItem = { leaseKey: { S: leaseKey }, entityType: { S: ENTITY_TYPE } };
  if (streamId !== undefined) Object.assign(item, { streamName: { S: streamId }, shardId: { S: shardId } });
  for (const [attribute, value] of Object.entries(attributesOf(lease))) {
    if (value !== undefined) item[attribute] = value;
  }
  return item;
};

const numberFrom = (value: AttributeValue | undefined): number | undefined =>
  value?.N === undefined ? undefined : Number(value.N);

const placeFrom = (item: LeaseItem, prefix: string): Checkpoint | undefined => {
  const sequenceNumber = item[prefix]?.S;
  if (sequenceNumber === undefined || !isCheckpointText(sequenceNumber)) return undefined;
  return { sequenceNumber, subSequenceNumber: numberFrom(item[`${prefix}SubSequenceNumber`]) ?? 0 };
};

const pendingFrom = (item: LeaseItem): PendingCheckpoint | undefined => {
  const checkpoint = placeFrom(item, 'pendingCheckpoint');
  return checkpoint && { checkpoint, state: item.pendingCheckpointState?.B };
};

const rangeFrom = ({ startingHashKey, endingHashKey }: LeaseItem): Lease['range'] => {
  const start = parseHashKey(startingHashKey?.S ?? '');
  const end = parseHashKey(endingHashKey?.S ?? '');
  return start === undefined || end === undefined ? undefined : { start, end };
};

/** Whether an application reads one stream, or many with one table: it sees only leases of its own kind. */
export type StreamMode = 'single' | 'multi';

const isForeign = ({ entityType, streamName, shardId }: LeaseItem, mode: StreamMode): boolean => {
  if ((entityType?.S ?? ENTITY_TYPE) !== ENTITY_TYPE) return true;
  return mode === 'single'
    ? streamName !== undefined
    : streamName?.S === undefined || shardId?.S === undefined;
};

/** Undefined when the row is no lease of this application. */
export const leaseFrom = (item: LeaseItem, mode: StreamMode): Lease | undefined => {
  const leaseKey = item.leaseKey?.S;
  const counter = numberFrom(item.leaseCounter);
  const checkpoint = placeFrom(item, 'checkpoint');
  const isWhole = leaseKey !== undefined && counter !== undefined && checkpoint !== undefined;
  if (!isWhole || isForeign(item, mode)) return undefined;
  return {
    leaseKey,
    shardId: mode === 'single' ? leaseKey : (item.shardId?.S ?? leaseKey),
    streamId: mode === 'single' ? undefined : item.streamName?.S,
    owner: item.leaseOwner?.S,
    counter,
    ownerSwitches: numberFrom(item.ownerSwitchesSinceCheckpoint) ?? 0,
    checkpoint,
    pending: pendingFrom(item),
    parentShardIds: item.parentShardId?.SS ?? [],
    childShardIds: item.childShardIds?.SS ?? [],
    range: rangeFrom(item),
    throughputKBps: numberFrom(item.throughputKBps),
    checkpointOwner: item.checkpointOwner?.S,
  };
};
