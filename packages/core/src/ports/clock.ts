/** Time as an argument: only adapters read the machine's clock, so a simulation can drive it. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. May step backwards. */
  now(): number;
  /** Milliseconds that never step backwards; only differences mean anything. */
  monotonic(): number;
  /** Runs `task` once after `delayMs`. A pending timer does not keep the process alive. */
  after(delayMs: number, task: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}
