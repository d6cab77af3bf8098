import type { LogEngine } from '../log-engine.ts';
import type { ManualClock } from './manual-clock.ts';
import type { ManualKeys } from './manual-keys.ts';

/** An engine on a store of its own that is empty at first. */
export interface Subject {
  readonly engine: LogEngine;
  /** The clock by which the engine stamps arrivals. */
  readonly clock: ManualClock;
  /** The engine encrypts by `aesBatchCipher` over these. */
  readonly keys: ManualKeys;
  /** All that is in the store at this moment, in any order. */
  storedBytes(): Promise<Buffer>;
  /** Closes the engine that is open and opens its store again. */
  reopen(): Promise<LogEngine>;
  /** Closes the engine that is open and throws its store away. */
  close(): Promise<void>;
}

export type CreateSubject = () => Promise<Subject>;

/** States one law and tries it on an engine of its own. */
export type State = (sentence: string, attempt: (subject: Subject) => Promise<void>) => void;
