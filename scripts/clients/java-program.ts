import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf, madeOnce, sources } from './cache.ts';
import { run } from './command.ts';
import type { Installer } from './installer.ts';
import { requireTool, TOOLS } from './tools.ts';
import { fetching } from './unavailable.ts';

/** A Java program of ours around a library of others. */
export interface JavaProgram {
  /** The library, as it stands in messages. */
  readonly library: string;
  /** How long fetching it takes, about. */
  readonly seconds: number;
  readonly pom: string;
  /** All their sources are compiled together. */
  readonly folders: readonly string[];
  /** Single sources of other programs that this one uses. */
  readonly shared?: readonly string[];
  /** What javac does not warn of, as a warning fails the build. */
  readonly lintWithout?: readonly string[];
}

const MAVEN_TIMEOUT_MS = 300_000;
const COMPILE_TIMEOUT_MS = 120_000;
const JAVA_RELEASE = '17';
/** Processors are not used; annotations of the libraries' own dependencies are not all there. */
const LINT_WITHOUT = ['processing', 'classfile'];

/** The jars that the pom names and all that they need, in one folder. */
const fetchJars = async (
  { library, seconds, pom }: JavaProgram,
  { cache, say }: Installer,
): Promise<string> => {
  const link = join(cache, 'java', `jars-${keyOf(await readFile(pom, 'utf8'))}`);
  return madeOnce(link, async (folder) => {
    await requireTool(TOOLS.maven);
    say(`fetching ${library} (once, about ${seconds} s)`);
    // One of its own, since Maven's repositories are not made for two at once.
    const repository = join(folder, 'repository');
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
    const args = ['-q', '-B', '-f', pom, `-Dmaven.repo.local=${repository}`, ...copy];
    const what = library.replace(/^the /, 'The ');
    await fetching(what, () => run('mvn', args, { timeoutMs: MAVEN_TIMEOUT_MS }));
    await rm(repository, { recursive: true });
  });
};

const sourcesIn = async (folder: string): Promise<readonly (readonly [string, string])[]> =>
  [...(await sources(folder, '.java'))].map(([name, text]) => [join(folder, name), text] as const);

/** Path → text. */
const sourcesOf = async ({ folders, shared = [] }: JavaProgram): Promise<ReadonlyMap<string, string>> => {
  const own = folders.map(sourcesIn);
  const others = shared.map(async (path) => [path, await readFile(path, 'utf8')] as const);
  return new Map([...(await Promise.all(own)).flat(), ...(await Promise.all(others))]);
};

const compile = async (jars: string, program: JavaProgram, { cache, say }: Installer): Promise<string> => {
  const files = await sourcesOf(program);
  const lint = ['all', ...[...LINT_WITHOUT, ...(program.lintWithout ?? [])].map((name) => `-${name}`)];
  const args = ['--release', JAVA_RELEASE, `-Xlint:${lint.join(',')}`, '-Werror', '-encoding', 'UTF-8'];
  const key = keyOf(jars, ...args, ...files.values());
  return madeOnce(join(cache, 'java', `classes-${key}`), async (folder) => {
    say(`compiling our program around ${program.library}`);
    await run('javac', [...args, '-cp', join(jars, '*'), '-d', folder, ...files.keys()], {
      timeoutMs: COMPILE_TIMEOUT_MS,
    });
  });
};

/** The class path of a compiled Java program and everything it uses. */
export const installJavaProgram = async (program: JavaProgram, installer: Installer): Promise<string> => {
  await requireTool(TOOLS.javac);
  const jars = await fetchJars(program, installer);
  return `${await compile(jars, program, installer)}:${join(jars, '*')}`;
};
