import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf, madeOnce, sources } from './cache.ts';
import { run } from './command.ts';
import type { Installer } from './installer.ts';
import { requireTool, TOOLS } from './tools.ts';
import { fetching } from './unavailable.ts';

const FOLDER = join(import.meta.dirname, '../../tests/clients/java');
const MAVEN_TIMEOUT_MS = 240_000;
const COMPILE_TIMEOUT_MS = 120_000;
const JAVA_RELEASE = '17';

/** The jars that pom.xml names and all that they need, in one folder. */
const fetchJars = async ({ cache, say }: Installer): Promise<string> => {
  const pom = join(FOLDER, 'pom.xml');
  const link = join(cache, 'java', `jars-${keyOf(await readFile(pom, 'utf8'))}`);
  return madeOnce(link, async (folder) => {
    await requireTool(TOOLS.maven);
    say('fetching the AWS SDK for Java (once, about 30 s)');
    const repository = `-Dmaven.repo.local=${join(cache, 'java/repository')}`;
    const args = [
      '-q',
      '-B',
      '-f',
      pom,
      repository,
      'dependency:copy-dependencies',
      `-DoutputDirectory=${folder}`,
    ];
    await fetching('The AWS SDK for Java', () => run('mvn', args, { timeoutMs: MAVEN_TIMEOUT_MS }));
  });
};

const compile = async (jars: string, { cache, say }: Installer): Promise<string> => {
  const files = await sources(FOLDER, '.java');
  const key = keyOf(jars, ...[...files].flat());
  return madeOnce(join(cache, 'java', `classes-${key}`), async (folder) => {
    say('compiling the Java client');
    const paths = [...files.keys()].map((name) => join(FOLDER, name));
    const args = ['--release', JAVA_RELEASE, '-Xlint:all,-processing', '-Werror', '-encoding', 'UTF-8'];
    await run('javac', [...args, '-cp', join(jars, '*'), '-d', folder, ...paths], {
      timeoutMs: COMPILE_TIMEOUT_MS,
    });
  });
};

/** The class path of the compiled Java client and everything it uses. */
export const installJava = async (installer: Installer): Promise<string> => {
  await requireTool(TOOLS.javac);
  const jars = await fetchJars(installer);
  return `${await compile(jars, installer)}:${join(jars, '*')}`;
};
