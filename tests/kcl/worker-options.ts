/** As `java/Options.java` and `consumer-worker.ts` read them. */
export interface WorkerOptions {
  readonly worker: string;
  /** Workers with the same one share the stream. */
  readonly application: string;
  readonly stream: string;
  readonly mode?: Mode;
  /** A checkpoint is written behind the record with this text; nothing that follows is told. */
  readonly lastText?: string;
}

/** Of our own library alone. */
export interface ConsumerOptions extends WorkerOptions {
  /** Version 3 has a leader; of version 2 each worker takes leases by their number. */
  readonly balancing: 'leader' | 'count';
}

export type Mode = 'polling' | 'fan-out';
