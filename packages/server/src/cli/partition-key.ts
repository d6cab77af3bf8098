import type { Random } from '@millrace/core';

/** What a line's partition key is. */
export type PartitionKeyOf = (line: Uint8Array) => string;

export class NoPartitionKey extends Error {
  constructor(expression: string, line: Uint8Array) {
    const shown = Buffer.from(line).toString('utf8').slice(0, 80);
    super(`No partition key: '${expression}' finds nothing in the line '${shown}'.`);
    this.name = 'NoPartitionKey';
  }
}

const textOf = (line: Uint8Array): string =>
  Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8');

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

const jsonField = (path: string): ((line: Uint8Array) => unknown) => {
  const names = path.split('.').slice(1);
  return (line) => {
    try {
      return names.reduce(member, JSON.parse(textOf(line)));
    } catch {
      return undefined;
    }
  };
};

/** Expression forms in the order in which they are tried; `find` gives undefined where the line has no key. */
const FORMS: readonly {
  readonly form: RegExp;
  readonly make: (argument: string, random: Random) => (line: Uint8Array) => unknown;
}[] = [
  { form: /^random$/, make: (_, random) => () => random.uuid() },
  { form: /^line$/, make: () => textOf },
  { form: /^(\.[^.]+(?:\.[^.]+)*)$/, make: jsonField },
  { form: /^column:([1-9]\d*)$/, make: (n) => (line) => textOf(line).split(/[,;\t]/)[Number(n) - 1] },
  { form: /^regex:(.+)$/s, make: (pattern) => firstGroup(new RegExp(pattern)) },
  { form: /^=(.+)$/s, make: (constant) => () => constant },
];

const firstGroup =
  (pattern: RegExp) =>
  (line: Uint8Array): unknown => {
    const match = pattern.exec(textOf(line));
    return match?.[1] ?? match?.[0];
  };

export const PARTITION_KEY_HELP = [
  'random          another key for every line (the default)',
  '.customer.id    a field of a JSON line',
  'column:2        a column, separated by comma, semicolon or tab',
  'regex:id=(\\d+)  the first group, or all that matched',
  'line            the whole line',
  '=text           the same key for all lines',
];

/** A key of 1 to 256 characters: longer ones are cut, as two lines with one key must go to one shard. */
const KEY_CHARACTERS_MAX = 256;

export const parsePartitionKey = (expression: string, random: Random): PartitionKeyOf => {
  for (const { form, make } of FORMS) {
    const match = form.exec(expression);
    if (match === null) continue;
    const find = make(match[1] ?? '', random);
    return (line) => {
      const found = find(line);
      const key = typeof found === 'string' ? found : (JSON.stringify(found) ?? '');
      if (key === '') throw new NoPartitionKey(expression, line);
      return key.length <= KEY_CHARACTERS_MAX ? key : [...key].slice(0, KEY_CHARACTERS_MAX).join('');
    };
  }
  throw new Error(
    `'${expression}' is no partition key expression. Use one of:\n  ${PARTITION_KEY_HELP.join('\n  ')}`,
  );
};
