import type { HashKeyRange } from '@millrace/aggregation';
import type { Checkpoint } from './checkpoint.ts';

/** The first step of a checkpoint in two: what an application is about to do, for whoever comes after a crash. */
export interface PendingCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly state: Uint8Array | undefined;
}

/** Who works on a shard, and how far it has been worked on. */
export interface Lease {
  /** Names the row: the shard's id, behind the stream's where an application reads many streams. */
  readonly leaseKey: string;
  readonly shardId: string;
  /** `account:name:creation`, seconds since the epoch; undefined where an application reads one stream. */
  readonly streamId: string | undefined;
  readonly owner: string | undefined;
  /** Grows with every write of an owner: heartbeat, and the token that fences off whoever lost the lease. */
  readonly counter: number;
  readonly ownerSwitches: number;
  readonly checkpoint: Checkpoint;
  readonly pending: PendingCheckpoint | undefined;
  readonly parentShardIds: readonly string[];
  readonly childShardIds: readonly string[];
  /** Undefined in tables that old clients filled. */
  readonly range: HashKeyRange | undefined;
  readonly throughputKBps: number | undefined;
  /** Who still works on the shard, and is asked to hand it to `owner`. */
  readonly checkpointOwner: string | undefined;
}

/** What may change in a lease. A key that is there with undefined removes the value. */
export type LeaseChange = {
  readonly [Field in
    | 'owner'
    | 'ownerSwitches'
    | 'checkpoint'
    | 'pending'
    | 'childShardIds'
    | 'throughputKBps'
    | 'checkpointOwner']?: Lease[Field] | undefined;
};

/** Of one shard of a stream: its parents and children are named without the stream. */
export const leaseKeyOf = (streamId: string | undefined, shardId: string): string =>
  streamId === undefined ? shardId : `${streamId}:${shardId}`;

export const newLease = (
  shardId: string,
  checkpoint: Checkpoint,
  {
    parentShardIds,
    range,
    streamId,
  }: Pick<Lease, 'parentShardIds' | 'range'> & { readonly streamId?: string | undefined },
): Lease => ({
  leaseKey: leaseKeyOf(streamId, shardId),
  shardId,
  streamId,
  owner: undefined,
  counter: 0,
  ownerSwitches: 0,
  checkpoint,
  pending: undefined,
  parentShardIds,
  childShardIds: [],
  range,
  throughputKBps: undefined,
  checkpointOwner: undefined,
});

/** Nobody wrote between the two. A leader that asks for a hand-over leaves the counter as it is. */
export const isSameState = (a: Lease, b: Lease): boolean =>
  a.counter === b.counter && a.owner === b.owner && a.checkpointOwner === b.checkpointOwner;

/** To take a lease from whoever has it. */
export const taken = (lease: Lease, owner: string): LeaseChange => ({
  owner,
  checkpointOwner: undefined,
  ...(lease.owner === owner ? {} : { ownerSwitches: lease.ownerSwitches + 1 }),
});

/** To give it up: to the one that waits for it, or to anybody. */
export const released = (lease: Lease): LeaseChange =>
  lease.checkpointOwner === undefined ? { owner: undefined } : { checkpointOwner: undefined };

export const checkpointed = (checkpoint: Checkpoint): LeaseChange => ({
  checkpoint,
  pending: undefined,
  ownerSwitches: 0,
});
