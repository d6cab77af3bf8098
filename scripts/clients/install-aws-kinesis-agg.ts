import { join } from 'node:path';
import { keyOf, madeOnce } from './cache.ts';
import { run } from './command.ts';
import type { Installer } from './installer.ts';
import { fetching } from './unavailable.ts';

const PACKAGE = 'aws-kinesis-agg@4.2.8';
const INSTALL_TIMEOUT_MS = 120_000;

/** AWS's JavaScript library for aggregated records; answers the folder whose node_modules has it. */
export const installAwsKinesisAgg = ({ cache, say }: Installer): Promise<string> =>
  madeOnce(join(cache, 'npm', keyOf(PACKAGE)), (folder) => {
    say('installing aws-kinesis-agg (once, about 5 s)');
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    const install = ['install', ...flags, '--prefix', folder, PACKAGE];
    return fetching('aws-kinesis-agg', async () => {
      await run('npm', install, { cwd: folder, timeoutMs: INSTALL_TIMEOUT_MS });
    });
  });
