import type { LogEngine } from '../log-engine.ts';
import type { ManualClock } from './manual-clock.ts';

/** An engine on a store of its own that is empty at first. */
export interface Subject {
  readonly engine: LogEngine;
  /** The clock by which the engine stamps arrivals. */
  readonly clock: ManualClock;
  /** Closes the engine that is open and opens its store again. */
  reopen(): Promise<LogEngine>;
  /** Closes the engine that is open and throws its store away. */
  close(): Promise<void>;
}

export type CreateSubject = () => Promise<Subject>;

/** States one law and tries it on an engine of its own. */
export type State = (sentence: string, attempt: (subject: Subject) => Promise<void>) => void;
