/** What a worker does besides its records. */
export type Activity =
  | 'start'
  | 'take leases'
  | 'renew a lease'
  | 'release a lease'
  | 'audit shards'
  | 'clean up leases'
  | 'wait for parents'
  | 'read records'
  | 'checkpoint'
  | 'end a shard'
  | 'process records';

export type ConsumerEvent =
  /** Something failed. Whatever can be tried again is; what cannot ends `run` with the same error. */
  | {
      readonly kind: 'error';
      readonly during: Activity;
      readonly error: unknown;
      readonly shardId?: string | undefined;
    }
  | { readonly kind: 'leaseTaken'; readonly shardId: string; readonly from: string | undefined }
  | { readonly kind: 'leaseLost'; readonly shardId: string }
  | { readonly kind: 'leaseReleased'; readonly shardId: string }
  | { readonly kind: 'leaseCreated'; readonly shardId: string }
  | { readonly kind: 'leaseRemoved'; readonly shardId: string }
  | { readonly kind: 'shardEnded'; readonly shardId: string }
  /** An aggregate of which a part belongs to another shard was left out, see `outsideRange`. */
  | {
      readonly kind: 'aggregateDropped';
      readonly shardId: string;
      readonly sequenceNumber: string;
      readonly recordCount: number;
    }
  /** Records that the application failed on were passed over, as the poison policy said. */
  | {
      readonly kind: 'recordsSkipped';
      readonly shardId: string;
      readonly sequenceNumber: string;
      readonly recordCount: number;
      readonly error: unknown;
    };

export type Report = (event: ConsumerEvent) => void;

/** A listener's own failure must not stop the worker. */
export const safely = (listener: Report | undefined): Report => {
  if (listener === undefined) return () => {};
  return (event) => {
    try {
      listener(event);
    } catch {
      // There is nobody left to tell.
    }
  };
};
