import type { StreamId } from '@millrace/catalog';

/** What an operator should hear of; nobody waits for it. */
export type StreamsEvent =
  | { readonly type: 'life-cycle-failed'; readonly streamId: StreamId; readonly error: unknown }
  | { readonly type: 'orphans-removed'; readonly logCount: number }
  | { readonly type: 'orphan-removal-failed'; readonly error: unknown }
  | { readonly type: 'sweep-failed'; readonly streamId: StreamId; readonly error: unknown }
  | { readonly type: 'scaling-failed'; readonly streamId: StreamId; readonly error: unknown }
  | { readonly type: 'append-failed'; readonly streamId: StreamId; readonly error: unknown };
