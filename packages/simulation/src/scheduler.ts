import type { Chance } from './chance.ts';
import type { Trace } from './trace.ts';

interface Task {
  readonly name: string;
  readonly dueMs: number;
  readonly run: () => void;
}

/**
 * Whatever takes time waits here, and chance picks what happens next among all that is due. Between two tasks
 * everything that can go on by itself has done so, which is when a crash may strike. Time passes only when nothing
 * is due.
 */
export class Scheduler {
  readonly #chance: Chance;
  readonly #trace: Trace;
  #tasks: Task[] = [];
  #nowMs = 0;
  #steps = 0;

  constructor(chance: Chance, trace: Trace) {
    this.#chance = chance;
    this.#trace = trace;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Tasks that have run. */
  get steps(): number {
    return this.#steps;
  }

  /** Runs the task after the delay at the earliest. Returns what takes it back. */
  schedule(name: string, run: () => void, delayMs = 0): () => void {
    const task: Task = { name, dueMs: this.#nowMs + delayMs, run };
    this.#tasks.push(task);
    return () => {
      const index = this.#tasks.indexOf(task);
      if (index >= 0) this.#tasks.splice(index, 1);
    };
  }

  pause(name: string, delayMs = 0): Promise<void> {
    return new Promise((resolve) => this.schedule(name, resolve, delayMs));
  }

  /** Resolves when nothing is left that can go on by itself. */
  settled(): Promise<void> {
    return new Promise((resolve) => process.nextTick(resolve));
  }

  /** Lets one thing happen, and all that follows from it by itself. False when nothing is left to happen. */
  async step(): Promise<boolean> {
    const task = this.#take();
    if (task === undefined) return false;
    this.#steps += 1;
    this.#trace.add(`${this.#nowMs} ms  ${task.name}`);
    task.run();
    await this.settled();
    return true;
  }

  /** The process is gone, and what it waited for. */
  clear(): void {
    this.#tasks = [];
  }

  #take(): Task | undefined {
    if (this.#tasks.length === 0) return undefined;
    let due = this.#tasks.filter(({ dueMs }) => dueMs <= this.#nowMs);
    if (due.length === 0) {
      this.#nowMs = this.#tasks.reduce(
        (least, { dueMs }) => Math.min(least, dueMs),
        Number.POSITIVE_INFINITY,
      );
      due = this.#tasks.filter(({ dueMs }) => dueMs <= this.#nowMs);
    }
    const task = this.#chance.pick(due);
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
    return task;
  }
}
