/** What a worker does besides its records. */
export type Activity =
  | 'start'
  | 'look up streams'
  | 'take leases'
  | 'prepare an index'
  | 'report a worker'
  | 'choose a leader'
  | 'assign leases'
  | 'renew a lease'
  | 'release a lease'
  | 'audit shards'
  | 'clean up leases'
  | 'wait for parents'
  | 'read records'
  | 'checkpoint'
  | 'end a shard'
  | 'process records'
  | 'upload metrics';

/** Of one of the streams, or of the worker as a whole. */
export type ConsumerEvent = {
  readonly streamName?: string | undefined;
} /** Something failed. Whatever can be tried again is; what cannot ends `run` with the same error. */ & (
  | {
      readonly kind: 'error';
      readonly during: Activity;
      readonly error: unknown;
      readonly shardId?: string | undefined;
    }
  | { readonly kind: 'leaseTaken'; readonly shardId: string; readonly from: string | undefined }
  /** With a leader, and this worker is it: the lease is another's now, or will be when its worker lets go. */
  | {
      readonly kind: 'leaseAssigned';
      readonly shardId: string;
      readonly from: string | undefined;
      readonly to: string;
    }
  /** With a leader: this worker is it from now on, or not any more. */
  | { readonly kind: 'leaderBegan' | 'leaderEnded' }
  | { readonly kind: 'leaseLost'; readonly shardId: string }
  | { readonly kind: 'leaseReleased'; readonly shardId: string }
  | { readonly kind: 'leaseCreated'; readonly shardId: string }
  | { readonly kind: 'leaseRemoved'; readonly shardId: string }
  | { readonly kind: 'shardEnded'; readonly shardId: string }
  /** With a list of streams: it is read from now on, or not any more, since it left the list or is gone. */
  | { readonly kind: 'streamJoined' | 'streamLeft'; readonly streamId: string }
  /** With `fanOut`: the stream's consumer, when it was found and while it is waited for. */
  | { readonly kind: 'streamConsumer'; readonly consumerArn: string; readonly status: string }
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
    }
);

export type Report = (event: ConsumerEvent) => void;

/** Says of every event which stream it is about. */
export const reportOf =
  (report: Report, streamName: string): Report =>
  (event) =>
    report({ ...event, streamName });

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
