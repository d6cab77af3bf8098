/** What has to hold of the whole repository, beside its tests; each is a program that fails by its exit code. */
export interface Check {
  readonly name: string;
  /** A script of ours or of a dependency, run with the same Node. */
  readonly script: string;
  readonly args: readonly string[];
  /** What to do when it fails. */
  readonly mend: string;
}

const seeAbove = 'see above: every line names a place';

export const CHECKS: readonly Check[] = [
  { name: 'types', script: 'node_modules/typescript/bin/tsc', args: ['-p', '.'], mend: seeAbove },
  {
    name: 'format and lint',
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['ci', '--error-on-warnings', '--colors=off'],
    mend: 'npm run format, then mend what it leaves',
  },
  {
    name: 'unused code',
    script: 'node_modules/knip/bin/knip.js',
    args: ['--no-progress'],
    mend: 'remove what nothing uses; a program of its own gets a row in knip.jsonc',
  },
  { name: 'tidy', script: 'scripts/tidy.ts', args: [], mend: `${seeAbove}; the tables are in scripts/tidy` },
  { name: 'lock', script: 'scripts/lock.ts', args: ['--check'], mend: 'npm run lock' },
  {
    name: 'settings page',
    script: 'scripts/configuration-page.ts',
    args: ['--check'],
    mend: 'npm run generate',
  },
  {
    name: 'client settings page',
    script: 'scripts/client-settings-page.ts',
    args: ['--check'],
    mend: 'npm run generate',
  },
  { name: 'coverage page', script: 'scripts/coverage.ts', args: ['--check'], mend: 'npm run generate' },
];
