/** Writes docs/coverage.md and the table in README.md; `--check` only says whether they are current. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { coveragePage, coverageSummary, withSummary } from './coverage/page.ts';
import { SERVICES } from './coverage/services.ts';

const root = dirname(import.meta.dirname);
const read = (name: string): string => {
  const path = join(root, name);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

const pages: Readonly<Record<string, string>> = {
  'docs/coverage.md': coveragePage(SERVICES),
  'README.md': withSummary(read('README.md'), coverageSummary(SERVICES)),
};

for (const [name, text] of Object.entries(pages)) {
  if (read(name) === text) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${name} is not current: run npm run generate\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, name), text);
  }
}
