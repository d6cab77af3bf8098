import { styleText } from 'node:util';
import type { TestEvent } from './reporter.ts';
import type { FileResult } from './run-file.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const OUTCOMES = { pass: 'passed', fail: 'failed', skip: 'skipped' } as const;
const isOutcome = (kind: TestEvent['kind']): kind is keyof typeof OUTCOMES => kind in OUTCOMES;

export const countOf = (results: readonly FileResult[]): Counts => {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { kind } of results.flatMap(({ events }) => events))
    if (isOutcome(kind)) counts[OUTCOMES[kind]] += 1;
  return counts;
};

export const write = (text: string): void => {
  process.stdout.write(text);
};

const green = (text: string): string => styleText('green', text);
const red = (text: string): string => styleText('red', text);
const grey = (text: string): string => styleText('gray', text);

const indented = (text: string, by: string): string => text.trimEnd().replace(/^/gm, by);

/** Groups (suites) that an outcome lies in: what started on lower levels and has not been left since. */
const withGroups = (events: readonly TestEvent[]): Outcome[] => {
  const path: string[] = [];
  return events.flatMap((event) => {
    if (event.kind === 'begin' || event.kind === 'end') return [];
    path.length = Math.min(path.length, event.nesting + 1);
    path[event.nesting] = event.name;
    return isOutcome(event.kind) ? [{ event, groups: path.slice(0, event.nesting) }] : [];
  });
};

interface Outcome {
  readonly event: TestEvent;
  readonly groups: readonly string[];
}

const nameOf = ({ event, groups }: Outcome): string => [...groups, event.name].join(' › ');

const sentence = (outcome: Outcome): string => {
  const { kind, detail } = outcome.event;
  if (kind === 'fail') return red(`✖ ${nameOf(outcome)}`);
  if (kind === 'skip') return grey(`○ ${nameOf(outcome)}${detail ? ` (${detail})` : ''}`);
  return `${green('✔')} ${nameOf(outcome)}`;
};

const headline = ({ path, events, durationMs }: FileResult): string => {
  const counts = countOf([{ path, events, output: '', durationMs }]);
  const parts = [`${counts.passed} passed`];
  if (counts.failed > 0) parts.push(red(`${counts.failed} failed`));
  if (counts.skipped > 0) parts.push(`${counts.skipped} skipped`);
  const mark = counts.failed > 0 ? red('✖') : green('✔');
  return `${mark} ${path}  ${parts.join(', ')} ${grey(`${Math.round(durationMs)} ms`)}\n`;
};

const failureText = (outcome: Outcome): string =>
  `    ${red(nameOf(outcome))}\n${indented(outcome.event.detail ?? '', '      ')}\n`;

/** One line per file, each failure in full, the file's own output where it failed, why something was skipped. */
export const printFile = (result: FileResult, verbose: boolean): void => {
  write(headline(result));
  const outcomes = withGroups(result.events);
  const failed = outcomes.filter(({ event }) => event.kind === 'fail');
  for (const outcome of outcomes) {
    if (verbose || outcome.event.kind === 'skip') write(`    ${sentence(outcome)}\n`);
  }
  write(failed.map(failureText).join(''));
  if (result.output.trim() !== '' && (verbose || failed.length > 0)) {
    write(`${grey('    its output:')}\n${indented(result.output, '      ')}\n`);
  }
};

/** Once more at the end, where the eye is. */
export const printFailures = (results: readonly FileResult[]): void => {
  const failed = results.flatMap(({ path, events }) =>
    withGroups(events)
      .filter(({ event }) => event.kind === 'fail')
      .map((outcome) => `  ${path}: ${nameOf(outcome)}\n`),
  );
  if (failed.length > 0) write(`\n${red('failed:')}\n${failed.join('')}`);
};
