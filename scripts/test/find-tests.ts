import { globSync } from 'node:fs';
import { matchesGlob } from 'node:path';

const TESTS = ['packages', 'tests', 'scripts', 'examples', 'benchmarks'].map(
  (place) => `${place}/**/*.test.ts`,
);
const IGNORED = ['node_modules', 'build'];

/**
 * How long a file may take, by the first glob that fits. Far above what it needs on an idle machine: a deadline
 * is there to name what hangs, not to measure.
 */
const DEADLINES: readonly (readonly [glob: string, seconds: number])[] = [
  // Java and Go fetch and compile their clients at the first run.
  ['tests/{clients,kcl}/**', 900],
  ['tests/**', 300],
  ['**', 120],
];

export const deadlineMsOf = (path: string): number =>
  1000 * (DEADLINES.find(([glob]) => matchesGlob(path, glob))?.[1] ?? 0);

/** Those that may take longest come first, so that nobody waits for a long one at the end. */
export const findTests = (root: string, patterns: readonly string[]): string[] =>
  globSync(TESTS, {
    cwd: root,
    exclude: (path) => IGNORED.some((name) => path.split(/[\\/]/).includes(name)),
  })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => patterns.length === 0 || patterns.some((pattern) => path.includes(pattern)))
    .sort((a, b) => deadlineMsOf(b) - deadlineMsOf(a) || (a < b ? -1 : 1));
