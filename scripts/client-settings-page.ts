/** Writes docs/migration/settings.md from the clients' tables of settings; `--check` only says whether it is current. */
import type { Setting } from '../packages/client-common/src/settings.ts';
import { SETTINGS as CONSUMER } from '../packages/consumer/src/settings.ts';
import { KEYS, type Key } from '../packages/kcl-daemon/src/config/keys.ts';
import { SETTINGS as PRODUCER } from '../packages/producer/src/settings.ts';
import { writtenPage } from './generate/written-page.ts';

type Row = Setting<unknown>;

/** From here on a bound stands for "none". */
const NO_BOUND = 2_147_483_647;

/** How numbers of a unit are written; those of the others are counts, and stand alone. The last divides them all. */
const SIZES: Readonly<Record<string, readonly (readonly [size: number, name: string])[]>> = {
  ms: [
    [3_600_000, ' h'],
    [60_000, ' min'],
    [1_000, ' s'],
    [1, ' ms'],
  ],
  bytes: [
    [1024 * 1024, ' MiB'],
    [1024, ' KiB'],
    [1, ' B'],
  ],
  'KiB/s': [[1, ' KiB/s']],
  percent: [[1, ' %']],
};
const COUNT = [[1, '']] as const;

const shown = (value: unknown, { unit }: Row): string => {
  if (typeof value !== 'number') return `\`${String(value)}\``;
  if (value >= NO_BOUND) return 'none';
  const sizes = SIZES[unit ?? ''] ?? COUNT;
  const [size, name] = sizes.find(([each]) => value !== 0 && value % each === 0) ?? [1, ''];
  return `${(value / size).toLocaleString('en')}${name}`;
};

const range = (row: Row): string => {
  const separator = typeof row.default === 'number' ? ' – ' : ', ';
  return (row.range ?? []).map((bound) => shown(bound, row)).join(separator);
};

const line = ([key, row]: readonly [string, Row]): string => {
  const name = row.awsName === undefined ? '' : `\`${row.awsName}\``;
  return `| ${name} | \`${key}\` | ${shown(row.default, row)} | ${range(row)} | ${row.help} |`;
};

const table = (library: string, settings: object): readonly string[] => [
  `| ${library} | here | default | range | meaning |`,
  '|---|---|---|---|---|',
  ...Object.entries(settings as Readonly<Record<string, Row>>).map(line),
];

const fate = (key: Key): string => {
  if (key.kind === 'fixed') return `only \`${key.value}\`: ${key.reason}`;
  return key.kind === 'ignored' ? `ignored: ${key.reason}` : 'read';
};

await writtenPage('docs/migration/settings.md', [
  '# Settings of the clients',
  '',
  'Written by `scripts/client-settings-page.ts` from the tables that check them. A setting has its unit in its name:',
  '`failoverMs: 10_000` is 10 s. A row without a name in the first column has no counterpart in the library.',
  '',
  '## `createProducer`',
  '',
  ...table('KPL', PRODUCER),
  '',
  '## `createConsumer`',
  '',
  ...table('KCL', CONSUMER),
  '',
  '## `millrace kcl-daemon`',
  '',
  'Keys of the properties file. What is ignored is told when the daemon starts.',
  '',
  '| key | here |',
  '|---|---|',
  ...Object.entries(KEYS).map(([name, key]) => `| \`${name}\` | ${fate(key)} |`),
]);
