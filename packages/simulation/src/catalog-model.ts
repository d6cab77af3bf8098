import type { CatalogView, StreamsCommand } from '@millrace/catalog';
import type { Fate } from './log-model.ts';
import { must } from './violation.ts';

/** Those of the control plane's commands whose effect depends most on what came before. */
export type SomeCommand = Extract<
  StreamsCommand,
  {
    type:
      | 'streams.create.v1'
      | 'streams.activate.v1'
      | 'streams.mark-deleting.v1'
      | 'streams.forget.v1'
      | 'streams.set-tags.v1';
  }
>;

/** Commands without an answer at a crash: each may have been applied or not. More would be too many cases. */
const UNKNOWN_MAX = 8;

interface Submission {
  readonly command: SomeCommand;
  fate: Fate;
  /** What its submitter was told. */
  isApplied?: boolean;
}

interface StreamModel {
  readonly name: string;
  status: 'CREATING' | 'ACTIVE' | 'DELETING';
  tags: Map<string, string>;
}

type State = Map<string, StreamModel>;

/** Applies the command, or tells that it changes nothing. */
const apply = (state: State, command: SomeCommand): boolean => {
  const stream = state.get(command.id);
  if (command.type === 'streams.create.v1') {
    if (stream !== undefined || [...state.values()].some(({ name }) => name === command.name)) return false;
    state.set(command.id, { name: command.name, status: 'CREATING', tags: new Map() });
    return true;
  }
  if (stream === undefined) return false;
  if (command.type === 'streams.forget.v1') return stream.status === 'DELETING' && state.delete(command.id);
  if (command.type === 'streams.set-tags.v1') {
    if (stream.status === 'ACTIVE') for (const [key, value] of command.tags) stream.tags.set(key, value);
    return stream.status === 'ACTIVE';
  }
  if (stream.status === 'DELETING') return false;
  if (command.type === 'streams.activate.v1' && stream.status !== 'CREATING') return false;
  stream.status = command.type === 'streams.activate.v1' ? 'ACTIVE' : 'DELETING';
  return true;
};

const told = (state: State): string =>
  [...state]
    .map(([id, { name, status, tags }]) => `${id} ${name} ${status} ${[...tags].sort().join(' ')}`)
    .sort()
    .join('\n');

const shown = (view: CatalogView): string =>
  told(
    new Map(
      [...view.streams.all()].map(({ id, name, status, tags }) => [
        id,
        { name, status: status as StreamModel['status'], tags: new Map(tags) },
      ]),
    ),
  );

/** The control plane as plainly as can be: the commands in the order in which they were submitted. */
export class CatalogModel {
  #submissions: Submission[] = [];

  begin(command: SomeCommand): Submission {
    const submission: Submission = { command, fate: 'open' };
    this.#submissions.push(submission);
    return submission;
  }

  get mayBeginMore(): boolean {
    return this.#submissions.filter(({ fate }) => fate === 'open' || fate === 'unknown').length < UNKNOWN_MAX;
  }

  crash(): void {
    for (const submission of this.#submissions) if (submission.fate === 'open') submission.fate = 'unknown';
  }

  /** The state is that of every command that was acknowledged and some of those without an answer, in order. */
  settle(view: CatalogView): void {
    const seen = shown(view);
    const unknown = this.#submissions.filter(({ fate }) => fate === 'unknown');
    for (let chosen = 0; chosen < 2 ** unknown.length; chosen++) {
      const isIn = (submission: Submission): boolean =>
        submission.fate === 'acknowledged' || ((chosen >> unknown.indexOf(submission)) & 1) === 1;
      const kept = this.#submissions.filter((each) => each.fate !== 'refused' && isIn(each));
      if (!this.#leadsTo(seen, kept)) continue;
      this.#submissions = kept;
      for (const submission of kept) submission.fate = 'acknowledged';
      return;
    }
    const expected = this.#submissions.map(({ command, fate, isApplied }) =>
      JSON.stringify({ type: command.type, id: command.id, fate, isApplied }),
    );
    must(false, 'the catalog is what its commands make of it', () => `${seen}\n${expected.join('\n')}`);
  }

  #leadsTo(seen: string, submissions: readonly Submission[]): boolean {
    const state: State = new Map();
    for (const { command, isApplied } of submissions) {
      const changed = apply(state, command);
      if (isApplied !== undefined && isApplied !== changed) return false;
    }
    return told(state) === seen;
  }
}
