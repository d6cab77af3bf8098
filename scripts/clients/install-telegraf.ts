import { join } from 'node:path';
import { keyOf, madeOnce, sources } from './cache.ts';
import { run } from './command.ts';
import { goEnvironment } from './install-go.ts';
import type { Installer } from './installer.ts';
import { requireTool, TOOLS } from './tools.ts';
import { fetching } from './unavailable.ts';

const FOLDER = join(import.meta.dirname, '../../tests/connectors/telegraf/program');
const PROGRAM = 'github.com/influxdata/telegraf/cmd/telegraf';
/** Telegraf's own way to leave plugins out: those of ours, and what brings lines in and out. */
const TAGS = [
  'custom',
  'inputs.file',
  'inputs.kinesis_consumer',
  'outputs.file',
  'outputs.kinesis',
  'parsers.influx',
  'serializers.influx',
];
const BUILD_TIMEOUT_MS = 400_000;

/**
 * Telegraf as it is, with few plugins; answers the program. The build fetches what it needs by itself:
 * `go mod download` would bring the modules of all plugins, gigabytes.
 */
export const installTelegraf = async ({ cache, say }: Installer): Promise<string> => {
  await requireTool(TOOLS.go);
  const pins = [...(await sources(FOLDER, 'go.mod')), ...(await sources(FOLDER, 'go.sum'))];
  const folder = await madeOnce(join(cache, 'go', `telegraf-${keyOf(...pins.flat(), ...TAGS)}`), (made) => {
    say('building Telegraf (once, 180 MB of modules, about 120 s)');
    const flags = ['-mod=readonly', '-modcacherw', '-buildvcs=false', '-trimpath', '-ldflags=-s -w'];
    const build = ['build', ...flags, '-tags', TAGS.join(','), '-o', join(made, 'telegraf'), PROGRAM];
    const environment = goEnvironment(cache);
    return fetching('Telegraf', async () => {
      await run('go', build, { cwd: FOLDER, environment, timeoutMs: BUILD_TIMEOUT_MS });
    });
  });
  return join(folder, 'telegraf');
};
