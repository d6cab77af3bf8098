import type { Token } from './tokens.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** `from 'x'`, `import 'x'`, `import('x')`, `import.meta.resolve('x')`, `require('x')`. */
export const importsOf = (tokens: readonly Token[]): readonly Import[] =>
  tokens.flatMap((token, index) => {
    if (token.kind !== 'string') return [];
    const [before, last] = [tokens[index - 2]?.text ?? '', tokens[index - 1]?.text ?? ''];
    const isImport =
      last === 'import' ||
      (last === 'from' && (before === '}' || before === '*' || tokens[index - 2]?.kind === 'word')) ||
      (last === '(' && ['import', 'require', 'resolve'].includes(before));
    return isImport ? [{ specifier: token.text, line: token.line }] : [];
  });

/** `@aws-sdk/client-kinesis` for anything below it; undefined for files and Node's own modules. */
export const packageNameOf = (specifier: string): string | undefined =>
  /^(?!node:|\.|#|\/)(@[^/]+\/[^/]+|[^/]+)/.exec(specifier)?.[1];
