/** Writes docs/operations/configuration.md from the table of settings; `--check` only says whether it is current. */
import { SETTINGS, type Setting } from '../packages/server/src/config/settings.ts';
import { writtenPage } from './generate/written-page.ts';

const shown = (value: unknown): string => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
};

const row = ({ flag, environment, placeholder, default: standard, help }: Setting<unknown>): string =>
  `| \`${placeholder === undefined ? flag : `${flag} <${placeholder}>`}\` | \`${environment}\` | ${shown(standard)} | ${help} |`;

await writtenPage('docs/operations/configuration.md', [
  '# Settings of `millrace serve`',
  '',
  'Written by `scripts/configuration-page.ts` from the table that parses them. A flag wins over its variable.',
  '',
  '| flag | environment | default | meaning |',
  '|---|---|---|---|',
  ...Object.values(SETTINGS).map((setting) => row(setting as Setting<unknown>)),
]);
