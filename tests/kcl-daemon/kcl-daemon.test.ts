import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cacheFolder } from '../../scripts/clients/cache.ts';
import { installNodeKcl, installPythonKcl } from '../../scripts/clients/install-kcl-multilang.ts';
import type { Installer } from '../../scripts/clients/installer.ts';
import { ClientUnavailable } from '../../scripts/clients/unavailable.ts';
import { LAWS, type Law, subscribes, withinAggregates } from './laws.ts';
import { type Language, World } from './world.ts';

const TIMEOUT_MS = 280_000;
const PROCESSORS = join(import.meta.dirname, 'processors');
const POLLING = 'retrievalMode = POLLING\nidleTimeBetweenReadsInMillis = 50';

const python = async (installer: Installer): Promise<Language> => ({
  name: 'python',
  executable: `python3 ${join(PROCESSORS, 'processor.py')}`,
  environment: { PYTHONPATH: await installPythonKcl(installer) },
  properties: POLLING,
});

const node = async (installer: Installer): Promise<Language> => ({
  name: 'node',
  executable: `${process.execPath} ${join(PROCESSORS, 'processor.cjs')}`,
  environment: { NODE_PATH: await installNodeKcl(installer) },
  properties: POLLING,
});

const LANGUAGES: readonly {
  readonly library: string;
  readonly install: (installer: Installer) => Promise<Language>;
  readonly laws: Readonly<Record<string, Law>>;
}[] = [
  { library: 'aws-kcl for Node.js', install: node, laws: LAWS },
  {
    library: 'amazon_kclpy for Python',
    install: python,
    laws: {
      ...LAWS,
      'a checkpoint within an aggregate holds': withinAggregates,
      'records are pushed where nothing is said of retrieval': subscribes,
    },
  },
];

const installed = async (
  t: TestContext,
  install: (installer: Installer) => Promise<Language>,
): Promise<Language | undefined> => {
  try {
    const say = (line: string) => process.stderr.write(`clients: ${line}\n`);
    return await install({ cache: cacheFolder(), say });
  } catch (error) {
    if (!(error instanceof ClientUnavailable) || process.env.CI === 'true') throw error;
    t.skip(error.message);
    return undefined;
  }
};

for (const { library, install, laws } of LANGUAGES) {
  test(library, { timeout: TIMEOUT_MS }, async (t) => {
    const language = await installed(t, install);
    if (language === undefined) return;
    const world = await World.start();
    t.after(() => world.close());
    for (const [index, [name, law]] of Object.entries(laws).entries()) {
      await t.test(name, async () => {
        await law(world, language, `${language.name}-${index}`).catch((cause: unknown) => {
          throw new Error(`${cause instanceof Error ? cause.message : cause}\n${world.lastWords}`, { cause });
        });
      });
    }
  });
}
