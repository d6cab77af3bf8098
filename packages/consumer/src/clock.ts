export interface Timer {
  cancel(): void;
}

/** Time as an argument: only `node.ts` reads the machine's clock. */
export interface Clock {
  /** Milliseconds that never step backwards; only differences mean anything. Leases know no other time. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`. */
  after(delayMs: number, task: () => void): Timer;
}

/** Chance as an argument. */
export interface Random {
  /** 0 … 1, without 1. */
  next(): number;
}
