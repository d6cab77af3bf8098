import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The texts of a repository by path (relative, with `/`). Rules see nothing else, so a test hands in a few lines. */
export type Tree = ReadonlyMap<string, string>;

export interface Problem {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** What git ignores, and what others wrote. */
const SKIPPED = new Set(['.git', 'node_modules', 'build', 'models', '__pycache__', 'target', '.venv']);
const TEXT =
  /\.(ts|tsx|mts|mjs|cjs|js|json|md|css|html|yml|yaml|toml|sql|py|java|go|sh|xml)$|(^|\/)(Dockerfile|run|\.npmrc)$/;

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });

/** Where `npm start` keeps its records. */
const isServerData = (name: string): boolean => name.startsWith('data/');

export const readTree = (root: string): Tree =>
  new Map(
    filesBelow(root)
      .map((path): [string, string] => [relative(root, path).replaceAll(sep, '/'), path])
      .filter(([name]) => TEXT.test(name) && !isServerData(name))
      .map(([name, path]) => [name, readFileSync(path, 'utf8')]),
  );

const SOURCE = /\.(ts|tsx|mts|mjs)$/;
const TEST = /\.test\.tsx?$|^tests\/|^packages\/[^/]+\/test\//;
const GENERATED = /(^|\/)generated\//;

export const isSource = (path: string): boolean => SOURCE.test(path);
export const isTest = (path: string): boolean => TEST.test(path);
export const isGenerated = (path: string): boolean => GENERATED.test(path);

/** `streams` for `packages/streams/src/shard.ts`; undefined outside packages. */
export const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1];
