import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Where clients are kept: outside the repository, shared by all clones. */
export const cacheFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millrace', 'clients');

/** A name for what is made from these texts, the same as long as they are. */
export const keyOf = (...texts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);

/** The contents of all files in a folder that end so, by name: what a build depends on. */
export const sources = async (folder: string, ending: string): Promise<ReadonlyMap<string, string>> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending)).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

const finished = async (link: string): Promise<string | undefined> => {
  try {
    return await realpath(link);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
};

/** Names a finished folder. Of two that finish at once the first stays, the other goes. */
const publish = async (folder: string, link: string): Promise<string> => {
  try {
    await symlink(basename(folder), link);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    await rm(folder, { recursive: true, force: true });
  }
  return realpath(link);
};

/**
 * The folder `link` if it is there; else built in a folder of its own and linked in one step when complete.
 * So nobody sees half of it, nobody waits for a lock of a dead process, and paths written into it stay true.
 */
export const madeOnce = async (link: string, build: (folder: string) => Promise<void>): Promise<string> => {
  const found = await finished(link);
  if (found !== undefined) return found;
  await mkdir(dirname(link), { recursive: true });
  const folder = await mkdtemp(`${link}-`);
  try {
    await build(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return publish(folder, link);
};
