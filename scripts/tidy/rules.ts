import { matchesGlob } from 'node:path';
import { bannedUses } from './banned-uses.ts';
import { LINES_MAX, LONGER } from './lengths.ts';
import { packageRules } from './package-rules.ts';
import { isGenerated, isSource, isTest, type Problem, packageOf, type Tree } from './tree.ts';
import { BANNED_WORDS, WORDS_EXEMPT } from './words.ts';

export type Rule = (tree: Tree) => readonly Problem[];

const countLines = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

export const lengths =
  (longer: Readonly<Record<string, number>>): Rule =>
  (tree) => {
    const measured = [...tree].filter(([path]) => isSource(path) && !isTest(path) && !isGenerated(path));
    const tooLong = measured.flatMap(([path, text]) => {
      const ceiling = longer[path] ?? LINES_MAX;
      const lines = countLines(text);
      return lines > ceiling
        ? [{ path, message: `${lines} lines; no more than ${ceiling}: which noun can go?` }]
        : [];
    });
    const settled = Object.keys(longer)
      .filter((path) => countLines(tree.get(path) ?? '') <= LINES_MAX)
      .map((path) => ({ path, message: 'needs no row in scripts/tidy/lengths.ts any more' }));
    return [...tooLong, ...settled];
  };

const generatedHeaders: Rule = (tree) =>
  [...tree]
    .filter(
      ([path, text]) =>
        isGenerated(path) && isSource(path) && !/^\/[/*].*do not edit/im.test(text.slice(0, 400)),
    )
    .map(([path]) => ({
      path,
      line: 1,
      message: 'a generated file says so first: "Written by …: do not edit."',
    }));

const readmes: Rule = (tree) =>
  [...new Set([...tree.keys()].map(packageOf))]
    .filter((name) => name !== undefined && !tree.has(`packages/${name}/README.md`))
    .map((name) => ({
      path: `packages/${name}/README.md`,
      message: 'is missing: purpose, first file to read',
    }));

const words: Rule = (tree) =>
  [...tree]
    .filter(([path]) => !WORDS_EXEMPT.some((glob) => matchesGlob(path, glob)))
    .flatMap(([path, text]) => BANNED_WORDS.flatMap((banned) => wordProblems(path, text, banned)));

const wordProblems = (
  path: string,
  text: string,
  { pattern, why }: (typeof BANNED_WORDS)[number],
): Problem[] => {
  // One look at the whole text settles nearly all files.
  if (!new RegExp(pattern, 'm').test(text)) return [];
  return text.split('\n').flatMap((line, index) => {
    const found = pattern.exec(line)?.[0].trim();
    return found === undefined ? [] : [{ path, line: index + 1, message: `"${found}": ${why}` }];
  });
};

export const RULES: Readonly<Record<string, Rule>> = {
  ...packageRules,
  'banned uses': bannedUses,
  lengths: lengths(LONGER),
  'generated headers': generatedHeaders,
  readmes,
  words,
};
