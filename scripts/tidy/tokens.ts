import { SyntaxKind } from 'typescript/unstable/ast';
import { createScanner } from 'typescript/unstable/ast/scanner';

export interface Token {
  /** As written; the value without quotes for a string. */
  readonly text: string;
  readonly kind: 'word' | 'string' | 'other';
  readonly line: number;
}

/** After one of these a slash divides; after anything else it opens a regular expression. */
const ENDS_A_VALUE = new Set<SyntaxKind>([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.RegularExpressionLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
]);

const kindOf = (kind: SyntaxKind): Token['kind'] => {
  if (kind === SyntaxKind.StringLiteral || kind === SyntaxKind.NoSubstitutionTemplateLiteral) return 'string';
  return kind === SyntaxKind.Identifier || (kind >= SyntaxKind.FirstKeyword && kind <= SyntaxKind.LastKeyword)
    ? 'word'
    : 'other';
};

const known = new Map<string, readonly Token[]>();

/** The tokens of TypeScript source without comments and white space. Several rules ask for the same file. */
export const tokenize = (text: string): readonly Token[] => {
  const tokens = known.get(text) ?? scanAll(text);
  known.set(text, tokens);
  return tokens;
};

const scanAll = (text: string): readonly Token[] => {
  const scanner = createScanner(true, undefined, text);
  const tokens: Token[] = [];
  /** For every open brace: whether it belongs to a `${` of a template. */
  const braces: boolean[] = [];
  let previous: SyntaxKind = SyntaxKind.Unknown;
  let line = 1;
  let counted = 0;
  for (;;) {
    let kind = scanner.scan();
    if (kind === SyntaxKind.EndOfFile) return tokens;
    const start = scanner.getTokenStart();
    for (; counted < start; counted += 1) if (text.charCodeAt(counted) === 10) line += 1;
    const isSlash = kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken;
    if (isSlash && !ENDS_A_VALUE.has(previous)) kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.TemplateHead) braces.push(true);
    if (kind === SyntaxKind.OpenBraceToken) braces.push(false);
    if (kind === SyntaxKind.CloseBraceToken && braces.pop() === true) {
      kind = scanner.reScanTemplateToken(false);
      if (kind === SyntaxKind.TemplateMiddle) braces.push(true);
    }
    const tokenKind = kindOf(kind);
    tokens.push({
      text: tokenKind === 'string' ? scanner.getTokenValue() : scanner.getTokenText(),
      kind: tokenKind,
      line,
    });
    previous = kind;
  }
};
