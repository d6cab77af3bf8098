/** One call on a register, as its client saw it; times are of one clock. */
export interface Operation<State> {
  readonly startedMs: number;
  /** Infinity where no answer came: it may have happened at any time after its start, or never. */
  readonly endedMs: number;
  /** The state after it, if it happened in this one; undefined if its answer cannot have come from this state. */
  readonly apply: (state: State) => { readonly state: State } | undefined;
  readonly text: string;
}

/** What is left to put in order: the search goes on from the state reached so far. */
interface Rest<State> {
  readonly state: State;
  readonly left: ReadonlySet<number>;
}

const keyOf = <State>({ state, left }: Rest<State>): string => `${JSON.stringify(state)}|${[...left].join()}`;

/**
 * Whether there is one order of the operations that explains every answer and in which nothing stands after what began
 * when it had ended already (the search of Wing and Gong, with the memory that Lowe gave it).
 */
export const isLinearizable = <State>(initial: State, operations: readonly Operation<State>[]): boolean => {
  const ordered = operations.toSorted((a, b) => a.startedMs - b.startedMs);
  const seen = new Set<string>();
  const pending: Rest<State>[] = [{ state: initial, left: new Set(ordered.keys()) }];
  for (let rest = pending.pop(); rest !== undefined; rest = pending.pop()) {
    const left = [...rest.left].map((index) => ({ index, operation: ordered[index] as Operation<State> }));
    const firstEndMs = Math.min(...left.map(({ operation }) => operation.endedMs));
    if (firstEndMs === Infinity) return true;
    for (const { index, operation } of left.toReversed()) {
      const after = operation.startedMs > firstEndMs ? undefined : operation.apply(rest.state);
      if (after === undefined) continue;
      const next = { state: after.state, left: new Set(rest.left) };
      next.left.delete(index);
      const key = keyOf(next);
      if (!seen.has(key)) pending.push(next);
      seen.add(key);
    }
  }
  return operations.every(({ endedMs }) => endedMs === Infinity);
};
