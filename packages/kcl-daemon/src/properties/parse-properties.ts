/**
 * The text format of `java.util.Properties`:
 *
 *   line     = blank | comment | key [separator] [value]
 *   comment  = '#' or '!' as the first character that is no blank
 *   separator= blanks, or one '=' or ':' with blanks around it; the first that no backslash precedes
 *   blank    = space, tab, form feed
 *
 * A backslash at the end of a line continues it on the next one, whose leading blanks are left out. Elsewhere it
 * makes `\t`, `\n`, `\r`, `\f`, `\uXXXX`, or the character behind it. Blanks behind a value belong to it.
 */
export interface Property {
  readonly key: string;
  readonly value: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

export interface Misspelling {
  readonly line: number;
  readonly message: string;
}

export interface ParsedProperties {
  /** In the order of the file; of two with the same key the later one counts. */
  readonly properties: readonly Property[];
  readonly misspellings: readonly Misspelling[];
}

interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

const LINE_END = /\r\n|[\r\n]/;
const COMMENT = /^[#!]/;
const isContinued = (text: string): boolean => (/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1;
const withoutIndent = (text: string): string => text.replace(/^[ \t\f]+/, '');

/** Comments and blank lines are gone, continued lines are one. */
function* logicalLines(text: string): Generator<LogicalLine> {
  const lines = text.split(LINE_END).map(withoutIndent);
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    let joined = lines[index] ?? '';
    if (COMMENT.test(joined)) continue;
    while (isContinued(joined)) {
      joined = joined.slice(0, -1);
      // Nothing has begun yet, so the next line may be a comment.
      if (joined === '') break;
      index += 1;
      joined += lines[index] ?? '';
    }
    if (joined !== '') yield { text: joined, line };
  }
}

/** One after the other, so that the second of two backslashes begins nothing. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/gs;
const ESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const unescaped = (text: string): string =>
  text.replace(ESCAPE, (_, hex: string | undefined, character: string) =>
    hex === undefined ? (ESCAPED[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );

const isMalformed = (text: string): boolean =>
  [...text.matchAll(ESCAPE)].some(([, hex, character]) => hex === undefined && character === 'u');

/** A key ends before the first separator that is not escaped. */
const KEY_AND_VALUE = /^((?:\\.|[^\\=: \t\f])*)(?:[ \t\f]*[=:])?[ \t\f]*(.*)$/s;

export const parseProperties = (text: string): ParsedProperties => {
  const properties: Property[] = [];
  const misspellings: Misspelling[] = [];
  for (const { text: joined, line } of logicalLines(text)) {
    if (isMalformed(joined)) {
      misspellings.push({ line, message: '\\u needs four hexadecimal digits behind it' });
      continue;
    }
    const [, key = '', value = ''] = KEY_AND_VALUE.exec(joined) ?? [];
    properties.push({ key: unescaped(key), value: unescaped(value), line });
  }
  return { properties, misspellings };
};

/** Java reads Latin-1; a file whose bytes are good UTF-8 was meant as that. */
export const decodeProperties = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
};
