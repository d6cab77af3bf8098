import { join } from 'node:path';
import { keyOf, madeOnce } from './cache.ts';
import { run } from './command.ts';
import type { Installer } from './installer.ts';
import { requireTool, TOOLS } from './tools.ts';
import { fetching } from './unavailable.ts';

const NODE_PACKAGE = 'aws-kcl@2.3.2';
const PYTHON_PACKAGE = 'amazon_kclpy==3.2.0';
const TIMEOUT_MS = 120_000;

/** Only the library of what the archive holds, without the folder that is named after the version. */
const UNPACK = `
import glob, tarfile
with tarfile.open(glob.glob("*.tar.gz")[0]) as archive:
    for member in archive.getmembers():
        member.name = member.name.partition("/")[2]
        if member.name.startswith("amazon_kclpy/"):
            archive.extract(member)
`;

/** The library for Node.js, without the jars that its own command fetches; answers its node_modules. */
export const installNodeKcl = async ({ cache, say }: Installer): Promise<string> => {
  const folder = await madeOnce(join(cache, 'npm', keyOf(NODE_PACKAGE)), (made) => {
    say(`installing ${NODE_PACKAGE} (once, about 5 s)`);
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    return fetching(NODE_PACKAGE, async () => {
      await run('npm', ['install', ...flags, '--prefix', made, NODE_PACKAGE], {
        cwd: made,
        timeoutMs: TIMEOUT_MS,
      });
    });
  });
  return join(folder, 'node_modules');
};

/**
 * The library for Python, for PYTHONPATH. It is published as source, and building it would fetch jars; it is plain
 * Python, so that unpacking it will do.
 */
export const installPythonKcl = async ({ cache, say }: Installer): Promise<string> => {
  await requireTool(TOOLS.python);
  return madeOnce(join(cache, 'python', `kclpy-${keyOf(PYTHON_PACKAGE)}`), (made) => {
    say(`fetching ${PYTHON_PACKAGE} (once, about 10 s)`);
    return fetching(PYTHON_PACKAGE, async () => {
      const options = { cwd: made, timeoutMs: TIMEOUT_MS };
      const download = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps'];
      await run('python3', [...download, '--dest', made, PYTHON_PACKAGE], options);
      await run('python3', ['-c', UNPACK], options);
    });
  });
};
