export type TokenKind =
  | 'name'
  | 'name-placeholder'
  | 'value-placeholder'
  | 'number'
  | 'sign'
  | 'unknown'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it stands in the expression. */
  readonly start: number;
  readonly end: number;
}

const FORMS: readonly (readonly [TokenKind, RegExp])[] = [
  ['name', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['name-placeholder', /#[A-Za-z0-9_]+/y],
  ['value-placeholder', /:[A-Za-z0-9_]+/y],
  ['number', /[0-9]+/y],
  ['sign', /<>|<=|>=|[=<>()[\],.+-]/y],
];

const BLANK = /\s*/y;

const matchAt = (form: RegExp, text: string, at: number): string => {
  form.lastIndex = at;
  return form.exec(text)?.[0] ?? '';
};

const tokenAt = (text: string, start: number): Token => {
  for (const [kind, form] of FORMS) {
    const found = matchAt(form, text, start);
    if (found !== '') return { kind, text: found, start, end: start + found.length };
  }
  return { kind: 'unknown', text: text.charAt(start), start, end: start + 1 };
};

/** The last one is the end. What no token begins with becomes one of its own, for the parser to refuse. */
export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let at = matchAt(BLANK, text, 0).length;
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end + matchAt(BLANK, text, token.end).length;
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  return tokens;
};
