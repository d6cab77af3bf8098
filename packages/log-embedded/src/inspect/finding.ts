import type { LogId } from '@millrace/log';

/** Positions whose records cannot be read. */
export interface LostPositions {
  readonly from: number;
  /** Position after the last one; undefined when nothing tells how far it goes. */
  readonly to: number | undefined;
}

/**
 * `damage`: what was stored is not there, or not as it was. `note`: what a crash or a full disk leaves, what no
 * start needs, what is made again by itself.
 */
export type Severity = 'damage' | 'note';

export interface Finding {
  readonly severity: Severity;
  readonly file: string;
  /** Byte in the file. */
  readonly offset?: number | undefined;
  readonly log?: LogId | undefined;
  /** Records that were acknowledged and cannot be read. */
  readonly lost?: LostPositions | undefined;
  /** What is wrong, and what follows from it. */
  readonly message: string;
}

/** What was looked at. */
export interface VerifySummary {
  readonly logs: number;
  readonly journalFiles: number;
  readonly segments: number;
  /** Of segments, and of the journal as far as no segment holds them. */
  readonly batches: number;
  readonly encryptedBatches: number;
  readonly records: number;
  /** All bytes that were read. */
  readonly bytes: number;
  readonly damages: number;
  readonly notes: number;
  /** Positions that are known to be lost. */
  readonly lostRecords: number;
}
