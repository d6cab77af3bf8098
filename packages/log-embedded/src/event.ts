import type { LogError, LogId } from '@millrace/log';

/** What an operator wants to know. The engine logs nothing itself. */
export type EngineEvent =
  /** The store is open; the journal's batches that no segment held are in memory again. */
  | {
      readonly kind: 'recovered';
      readonly logs: number;
      readonly batches: number;
      readonly bytes: number;
      readonly tookMs: number;
    }
  /** The last group of the journal was torn by a crash: nobody was told that it is durable. */
  | {
      readonly kind: 'journal-cut';
      readonly file: string;
      readonly offset: number;
      readonly droppedBytes: number;
    }
  /** A bad disk; the error names file and offset. Found in the journal at the start, the store does not open. */
  | { readonly kind: 'corrupt'; readonly error: LogError }
  /** A trim or delete that a full disk interrupted had freed the first segments already. */
  | { readonly kind: 'start-raised'; readonly log: LogId; readonly from: number; readonly to: number }
  | { readonly kind: 'journal-full'; readonly rejectedChanges: number }
  /** After `journal-full`: a group has been taken again. */
  | { readonly kind: 'journal-has-room' }
  /** Tried again later; the journal holds the data. */
  | { readonly kind: 'write-behind-postponed'; readonly error: LogError }
  /** After `write-behind-postponed`: a round has succeeded, or none is needed any more. */
  | { readonly kind: 'write-behind-resumed' }
  /** Files that nothing refers to could not be removed; the next start tries again. */
  | { readonly kind: 'space-not-freed'; readonly path: string; readonly error: LogError }
  /** An index was missing or wrong and has been made again from its segment. */
  | { readonly kind: 'index-rebuilt'; readonly file: string }
  /** The store is of no use for writing until a restart. */
  | { readonly kind: 'failed'; readonly error: LogError };

export type OnEvent = (event: EngineEvent) => void;
