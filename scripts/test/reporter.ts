/**
 * Runs inside the process of one test file (`--test-reporter`) and tells the runner what happened, one line of
 * JSON per event. The events go to a pipe of their own, so that what tests print cannot be mistaken for them.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

/** The pipe that `run-file.ts` opens beside the standard ones. */
const EVENTS_FD = 3;

/**
 * `start`, `pass`, `fail` and `skip` come in the order of the source; `begin` and `end` at once, so that they tell
 * what was under way when the process was ended.
 */
export interface TestEvent {
  readonly kind: 'begin' | 'end' | 'start' | 'pass' | 'fail' | 'skip';
  readonly name: string;
  readonly nesting: number;
  readonly durationMs?: number;
  /** The reason of a skip, the whole error of a failure. */
  readonly detail?: string;
}

/** The parts of node:test's events that are used here. */
interface Reported {
  readonly type: string;
  readonly data: {
    readonly name: string;
    readonly nesting: number;
    readonly message?: string;
    readonly skip?: string | boolean;
    readonly todo?: string | boolean;
    readonly details?: {
      readonly type?: string;
      readonly duration_ms?: number;
      readonly error?: { readonly failureType?: string; readonly cause?: unknown };
    };
  };
}

const send = (event: TestEvent): void => {
  writeSync(EVENTS_FD, `${JSON.stringify(event)}\n`);
};

const reasonOf = (mark: string | boolean | undefined): string | undefined =>
  mark === undefined || mark === false ? undefined : mark === true ? '' : mark;

/** The error without the frames of the test runner and of Node itself. */
const explain = (error: unknown): string => inspect(error).replace(/\n\s+at .*\(?node:internal.*$/gm, '');

const outcome = ({ type, data }: Reported): TestEvent | undefined => {
  const { name, nesting, details } = data;
  const base = { name, nesting, durationMs: details?.duration_ms ?? 0 };
  const skipped = reasonOf(data.skip) ?? reasonOf(data.todo);
  if (skipped !== undefined) return { ...base, kind: 'skip', detail: skipped };
  if (type === 'test:fail') {
    // The test below it has been told already.
    if (details?.error?.failureType === 'subtestsFailed') return undefined;
    return { ...base, kind: 'fail', detail: explain(details?.error?.cause ?? details?.error) };
  }
  return details?.type === 'suite' ? undefined : { ...base, kind: 'pass' };
};

const MARKS: Readonly<Record<string, TestEvent['kind']>> = {
  'test:dequeue': 'begin',
  'test:complete': 'end',
  'test:start': 'start',
};

const translate = (event: Reported): TestEvent | undefined => {
  const kind = MARKS[event.type];
  if (kind !== undefined) return { kind, name: event.data.name, nesting: event.data.nesting };
  return event.type === 'test:pass' || event.type === 'test:fail' ? outcome(event) : undefined;
};

export default async function* report(events: AsyncIterable<Reported>): AsyncGenerator<string> {
  for await (const event of events) {
    const translated = translate(event);
    if (translated !== undefined) send(translated);
  }
  yield '';
}
