import { matchesGlob } from 'node:path';
import { BANS, type Ban } from './bans.ts';
import { importsOf } from './imports.ts';
import { type Token, tokenize } from './tokens.ts';
import { isGenerated, isSource, type Problem, type Tree } from './tree.ts';

/** Chance is chance whether it is imported or a property of `crypto`; all other names must stand alone. */
const anywhere = /^(random|getRandom)/;

const isDot = (token: Token | undefined): boolean => token?.text === '.' || token?.text === '?.';

/** `globalThis.setTimeout` is `setTimeout`; `socket.setTimeout` is not. */
const isMember = (tokens: readonly Token[], index: number): boolean =>
  isDot(tokens[index - 1]) && tokens[index - 2]?.text !== 'globalThis';

/** A key in an object or a type, as in `{ any: 1 }`. */
const isKey = (tokens: readonly Token[], index: number): boolean =>
  (tokens[index + 1]?.text === ':' || (tokens[index + 1]?.text === '?' && tokens[index + 2]?.text === ':')) &&
  ['{', ',', ';', 'readonly'].includes(tokens[index - 1]?.text ?? '');

const isWord = (token: Token | undefined, text: string | undefined): boolean =>
  token?.kind === 'word' && token.text === text;

const startsUse = (tokens: readonly Token[], index: number, use: string): boolean => {
  const token = tokens[index];
  if (use === 'new Date()') {
    const isNewDate = isWord(token, 'new') && isWord(tokens[index + 1], 'Date');
    return isNewDate && (tokens[index + 2]?.text !== '(' || tokens[index + 3]?.text === ')');
  }
  const [object, property] = use.split('.');
  if (!isWord(token, object)) return false;
  if (anywhere.test(use)) return true;
  if (isMember(tokens, index) || isKey(tokens, index)) return false;
  return property === undefined || (isDot(tokens[index + 1]) && isWord(tokens[index + 2], property));
};

const usesOf = (path: string, tokens: readonly Token[], ban: Ban): Problem[] =>
  tokens.flatMap((token, index) =>
    (ban.uses ?? [])
      .filter((use) => startsUse(tokens, index, use))
      .map((use) => ({ path, line: token.line, message: `${use} (${ban.name}): ${ban.instead}` })),
  );

const modulesOf = (path: string, tokens: readonly Token[], ban: Ban): Problem[] =>
  importsOf(tokens)
    .filter(({ specifier }) =>
      ban.modules?.some((name) => [name, name.replace('node:', '')].includes(specifier)),
    )
    .map(({ specifier, line }) => ({ path, line, message: `${specifier} (${ban.name}): ${ban.instead}` }));

export const bannedUses = (tree: Tree): readonly Problem[] =>
  [...tree].flatMap(([path, text]) => {
    if (!isSource(path) || isGenerated(path)) return [];
    const tokens = tokenize(text);
    return BANS.filter((ban) => !Object.keys(ban.allowed).some((glob) => matchesGlob(path, glob))).flatMap(
      (ban) => [...usesOf(path, tokens, ban), ...modulesOf(path, tokens, ban)],
    );
  });
