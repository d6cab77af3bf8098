import { cacheFolder } from './cache.ts';
import { installAwsKinesisAgg } from './install-aws-kinesis-agg.ts';
import { installFlink } from './install-flink.ts';
import { installGo } from './install-go.ts';
import { installJava } from './install-java.ts';
import { installKcl } from './install-kcl.ts';
import { installNodeKcl, installPythonKcl } from './install-kcl-multilang.ts';
import { installKpl } from './install-kpl.ts';
import { installPython } from './install-python.ts';
import { installTelegraf } from './install-telegraf.ts';
import type { Installer } from './installer.ts';
import { ClientUnavailable } from './unavailable.ts';

/** Fills the cache ahead of the tests: `node scripts/clients/install.ts [CLIENT]…`, all of them by default. */
const INSTALLERS = {
  python: installPython,
  java: installJava,
  go: installGo,
  flink: installFlink,
  telegraf: installTelegraf,
  kcl2: (installer: Installer) => installKcl(2, installer),
  kcl3: (installer: Installer) => installKcl(3, installer),
  kpl: installKpl,
  'kcl-node': installNodeKcl,
  'kcl-python': installPythonKcl,
  agg: installAwsKinesisAgg,
};
type Client = keyof typeof INSTALLERS;

const isClient = (name: string): name is Client => Object.hasOwn(INSTALLERS, name);
const writeLine = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const install = async (client: Client): Promise<void> => {
  const installer: Installer = { cache: cacheFolder(), say: (line) => writeLine(`${client}: ${line}`) };
  try {
    writeLine(`${client}: ready, ${await INSTALLERS[client](installer)}`);
  } catch (error) {
    const known = error instanceof ClientUnavailable;
    writeLine(`${client}: ${known ? error.message : error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 1;
  }
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !isClient(name));
if (unknown.length > 0) {
  writeLine(`Unknown: ${unknown.join(', ')}. Choose among ${Object.keys(INSTALLERS).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const client of wanted.length > 0 ? wanted.filter(isClient) : (Object.keys(INSTALLERS) as Client[]))
    await install(client);
}
