import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf, madeOnce } from './cache.ts';
import { run } from './command.ts';
import type { Installer } from './installer.ts';
import { requireTool, TOOLS } from './tools.ts';
import { fetching } from './unavailable.ts';

const FOLDER = join(import.meta.dirname, '../../tests/clients/python');
const VENV_TIMEOUT_MS = 60_000;
const PIP_TIMEOUT_MS = 240_000;

const build = async (venv: string, requirements: string): Promise<void> => {
  await run('python3', ['-m', 'venv', venv], { timeoutMs: VENV_TIMEOUT_MS });
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--requirement',
    requirements,
  ];
  await run(join(venv, 'bin/python'), args, { timeoutMs: PIP_TIMEOUT_MS });
};

export interface PythonLibraries {
  /** As they stand in messages. */
  readonly what: string;
  readonly seconds: number;
  /** The file that pins them. */
  readonly requirements: string;
}

/** A virtual environment with what the file pins; answers its `bin` folder. */
export const installVenv = async (
  { what, seconds, requirements }: PythonLibraries,
  { cache, say }: Installer,
): Promise<string> => {
  await requireTool(TOOLS.python);
  const version = await run('python3', ['--version'], { timeoutMs: VENV_TIMEOUT_MS });
  const link = join(cache, 'python', keyOf(version, await readFile(requirements, 'utf8')));
  const venv = await madeOnce(link, (folder) => {
    say(`installing ${what} (once, about ${seconds} s)`);
    return fetching(what, () => build(folder, requirements));
  });
  return join(venv, 'bin');
};

/** The pinned boto3 and AWS CLI. */
export const installPython = (installer: Installer): Promise<string> => {
  const requirements = join(FOLDER, 'requirements.txt');
  return installVenv({ what: 'boto3 and the AWS CLI', seconds: 20, requirements }, installer);
};
