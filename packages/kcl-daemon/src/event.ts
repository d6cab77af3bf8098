import type { ConsumerEvent } from '@millrace/consumer';
import type { ChildExit } from './child/child.ts';
import type { IgnoredProperty } from './config/read-config.ts';

export type DaemonEvent =
  | ConsumerEvent
  | IgnoredProperty
  | { readonly kind: 'childStarted'; readonly shardId: string; readonly childPid: number | undefined }
  /** A line of standard error, or one of standard output that is no message. */
  | {
      readonly kind: 'childOutput';
      readonly shardId: string;
      readonly from: 'stdout' | 'stderr';
      readonly line: string;
    }
  | ({ readonly kind: 'childEnded'; readonly shardId: string } & ChildExit);

export type Report = (event: DaemonEvent) => void;
