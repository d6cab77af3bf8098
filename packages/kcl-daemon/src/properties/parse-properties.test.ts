import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chance } from '@millrace/client-common/testing';
import { decodeProperties, parseProperties } from './parse-properties.ts';

const pairs = (text: string): [string, string][] =>
  parseProperties(text).properties.map(({ key, value }) => [key, value]);

/** Text, and what `java.util.Properties` of Java 17 makes of it. */
const AS_JAVA: readonly [string, string, readonly [string, string][]][] = [
  [
    'the first = or : or blank ends a key',
    'a=1\nb:2\nc 3\nd\t=\t4',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', '4'],
    ],
  ],
  [
    'a second separator belongs to the value',
    'a==1\nb : = 2\nc  = : 3',
    [
      ['a', '=1'],
      ['b', '= 2'],
      ['c', ': 3'],
    ],
  ],
  [
    'a key may have no value',
    'a\nb=\n=c',
    [
      ['a', ''],
      ['b', ''],
      ['', 'c'],
    ],
  ],
  ['an escaped separator belongs to the key', 'a\\ b\\=c\\:d = e', [['a b=c:d', 'e']]],
  ['comments begin with # or !, behind blanks too', '#a=1\n  !b=2\nc=3 # not', [['c', '3 # not']]],
  ['blanks behind a value stay', 'a=1  \t', [['a', '1  \t']]],
  [
    'lines end in three ways',
    'a=1\rb=2\r\nc=3\n\r\n\rd=4',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', '4'],
    ],
  ],
  ['a backslash continues a line without its indent', 'a=b,\\\n   c,\\\r\n\td', [['a', 'b,c,d']]],
  [
    'two backslashes do not',
    'a=b\\\\\nc=d',
    [
      ['a', 'b\\'],
      ['c', 'd'],
    ],
  ],
  ['a continued line is no comment', 'a=b\\\n#c', [['a', 'b#c']]],
  ['a continued line of nothing may be one', '\\\n#c\nd=e', [['d', 'e']]],
  [
    'a blank line ends a continued one',
    'a=b\\\n\nc=d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a last backslash is dropped', 'a=b\\', [['a', 'b']]],
  [
    'escapes stand for characters',
    'a=\\t\\n\\r\\f\\u0041\\u00e9\\z\\\\u0041',
    [['a', '\t\n\r\fA\u00e9z\\u0041']],
  ],
  [
    'keys may come twice',
    'a=1\na=2',
    [
      ['a', '1'],
      ['a', '2'],
    ],
  ],
];

for (const [name, text, expected] of AS_JAVA) test(name, () => assert.deepEqual(pairs(text), expected));

test('a property knows the line on which it begins', () => {
  const { properties } = parseProperties('# one\n\na=1,\\\n2\n\nb=3');
  assert.deepEqual(
    properties.map(({ key, line }) => [key, line]),
    [
      ['a', 3],
      ['b', 6],
    ],
  );
});

test('\\u without four digits is a misspelling of its line, and the others count', () => {
  const { properties, misspellings } = parseProperties('a=1\nb=\\u00g0\nc=\\u12\nd=4');
  assert.deepEqual(
    properties.map(({ key }) => key),
    ['a', 'd'],
  );
  assert.deepEqual(
    misspellings.map(({ line }) => line),
    [2, 3],
  );
});

const ALPHABET = [...'abk=: \t\f\\\n\r#!uéß', '\u{1f30a}', '\u2028'];

const anyText = (chance: Chance): string =>
  Array.from({ length: chance.below(8) }, () => ALPHABET[chance.below(ALPHABET.length)]).join('');

const escapedUnit = (unit: string, chance: Chance): string => {
  const short = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' }[unit];
  if (short !== undefined && chance.hits(0.5)) return short;
  if (/[=: #!\\]/.test(unit) && chance.hits(0.7)) return `\\${unit}`;
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
};

/** Any spelling of a text: escapes where they are needed, and elsewhere sometimes; lines broken where that may be. */
const spelled = (text: string, chance: Chance): string =>
  text
    .split('')
    .map((unit) => {
      const plain = /[\w\u0080-\uffff]/.test(unit) && chance.hits(0.8);
      const broken = chance.hits(0.1) ? `\\${['\n', '\r\n', '\r'][chance.below(3)]} \t` : '';
      return broken + (plain ? unit : escapedUnit(unit, chance));
    })
    .join('');

test('whatever can be spelled is read as it was meant', () => {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  const chance = new Chance(seed);
  for (let round = 0; round < 2_000; round++) {
    const meant = Array.from({ length: 3 }, (): [string, string] => [`k${anyText(chance)}`, anyText(chance)]);
    const separators = ['=', ':', ' ', '\t= ', ' : '];
    const lines = meant.flatMap(([key, value]) => [
      ...(chance.hits(0.3) ? ['  # a comment \\', ' \t'] : []),
      `k${spelled(key.slice(1), chance)}${separators[chance.below(separators.length)]}${spelled(value, chance)}`,
    ]);
    const text = lines.join(['\n', '\r\n', '\r'][chance.below(3)]);
    assert.deepEqual(pairs(text), meant, `SEED=${seed}: ${JSON.stringify(text)}`);
  }
});

test('bytes are UTF-8 if they can be, and Latin-1 as in Java otherwise', () => {
  assert.equal(decodeProperties(Buffer.from('a=é')), 'a=é');
  assert.equal(decodeProperties(Buffer.from('a=é', 'latin1')), 'a=é');
});
