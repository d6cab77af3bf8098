export interface Timer {
  cancel(): void;
}

/** Time as an argument: only `node.ts` reads the machine's clock. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that never step backwards; only differences mean anything. Leases know no other time. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`, and keeps the process alive until then. */
  after(delayMs: number, task: () => void): Timer;
  /** The same for work that nobody waits for: it does not keep the process alive. */
  inBackground(delayMs: number, task: () => void): Timer;
}

/** Chance as an argument. */
export interface Random {
  /** 0 … 1, without 1. */
  next(): number;
}
