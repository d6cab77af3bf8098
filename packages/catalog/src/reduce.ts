import { accountsReducers } from './accounts/reducer.ts';
import type { Command, Refusal } from './command.ts';
import { keysReducers } from './keys/reducer.ts';
import { secretsReducers } from './secrets/reducer.ts';
import type { CatalogState } from './state.ts';
import { streamsReducers } from './streams/reducer.ts';

type Reduce = (state: CatalogState, command: never, arrivalMs: number) => Refusal | undefined;
type PartReduce<Part> = (part: Part, command: never, arrivalMs: number) => Refusal | undefined;

const rowsOf = <Name extends keyof CatalogState>(
  name: Name,
  reducers: Readonly<Record<string, PartReduce<CatalogState[Name]>>>,
): [string, Reduce][] =>
  Object.entries(reducers).map(([type, reduce]) => [
    type,
    (state, command, arrivalMs) => reduce(state[name], command, arrivalMs),
  ]);

const reducers: ReadonlyMap<string, Reduce> = new Map([
  ...rowsOf('streams', streamsReducers),
  ...rowsOf('secrets', secretsReducers),
  ...rowsOf('keys', keysReducers),
  ...rowsOf('accounts', accountsReducers),
]);

export const isKnownCommand = (type: unknown): boolean => typeof type === 'string' && reducers.has(type);

/** Applies one command to the state; says why if it changes nothing. */
export const reduce = (state: CatalogState, command: Command, arrivalMs: number): Refusal | undefined => {
  const reducer = reducers.get(command.type);
  if (reducer === undefined) throw new Error(`no reducer for '${command.type}'`);
  return reducer(state, command as never, arrivalMs);
};
