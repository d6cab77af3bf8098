import { readFile, writeFile } from 'node:fs/promises';
import { SETTINGS, type Setting } from '../packages/server/src/config/settings.ts';

/** Writes docs/operations/configuration.md from the table of settings; `--check` only says whether it is current. */
const PAGE = new URL('../docs/operations/configuration.md', import.meta.url);

const shown = (value: unknown): string => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
};

const row = ({ flag, environment, placeholder, default: standard, help }: Setting<unknown>): string =>
  `| \`${placeholder === undefined ? flag : `${flag} <${placeholder}>`}\` | \`${environment}\` | ${shown(standard)} | ${help} |`;

const page = [
  '# Settings of `millrace serve`',
  '',
  'Written by `scripts/configuration-page.ts` from the table that parses them. A flag wins over its variable.',
  '',
  '| flag | environment | default | meaning |',
  '|---|---|---|---|',
  ...Object.values(SETTINGS).map((setting) => row(setting as Setting<unknown>)),
  '',
].join('\n');

if (!process.argv.includes('--check')) {
  await writeFile(PAGE, page);
} else if ((await readFile(PAGE, 'utf8').catch(() => '')) !== page) {
  process.stderr.write('docs/operations/configuration.md is not current: run `npm run generate`.\n');
  process.exitCode = 1;
}
