import { join } from 'node:path';
import { keyOf, madeOnce, sources } from './cache.ts';
import { run } from './command.ts';
import type { Installer } from './installer.ts';
import { requireTool, TOOLS } from './tools.ts';
import { fetching } from './unavailable.ts';

const FOLDER = join(import.meta.dirname, '../../tests/clients/go');
const DOWNLOAD_TIMEOUT_MS = 180_000;
const BUILD_TIMEOUT_MS = 240_000;

/** Modules and build results stay in our cache; what the user set otherwise (proxy, sums) stays in force. */
export const goEnvironment = (cache: string): NodeJS.ProcessEnv => ({
  ...process.env,
  GOMODCACHE: join(cache, 'go/modules'),
  GOCACHE: join(cache, 'go/build'),
  GOWORK: 'off',
  CGO_ENABLED: '0',
});

/** Builds the Go client from its pinned modules; answers the program. */
export const installGo = async ({ cache, say }: Installer): Promise<string> => {
  await requireTool(TOOLS.go);
  const files = [
    ...(await sources(FOLDER, '.go')),
    ...(await sources(FOLDER, 'go.mod')),
    ...(await sources(FOLDER, 'go.sum')),
  ];
  const environment = goEnvironment(cache);
  const folder = await madeOnce(join(cache, 'go', `program-${keyOf(...files.flat())}`), async (made) => {
    say('building the Go client (once, about 40 s)');
    const download = ['mod', 'download', '-modcacherw'];
    await fetching('The AWS SDK for Go', () =>
      run('go', download, { cwd: FOLDER, environment, timeoutMs: DOWNLOAD_TIMEOUT_MS }),
    );
    const build = [
      'build',
      '-mod=readonly',
      '-modcacherw',
      '-buildvcs=false',
      '-o',
      join(made, 'client'),
      '.',
    ];
    await run('go', build, { cwd: FOLDER, environment, timeoutMs: BUILD_TIMEOUT_MS });
  });
  return join(folder, 'client');
};
