import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { DataDirectoryInUse, lockDataDirectory } from './data-directory-lock.ts';

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-lock-'));
});
after(() => rm(root, { recursive: true }));

const emptyDirectory = async (name: string): Promise<string> => {
  const directory = join(root, name);
  await mkdir(directory, { recursive: true });
  return directory;
};

test('a directory is held by one at a time, and free again when released', async () => {
  const directory = await emptyDirectory('one');
  const lock = await lockDataDirectory(directory);
  await assert.rejects(lockDataDirectory(directory), DataDirectoryInUse);
  await lock.release();
  await (await lockDataDirectory(directory)).release();
});

test('a directory whose path is too long for a socket can be held', async () => {
  const directory = await emptyDirectory('n'.repeat(120));
  const lock = await lockDataDirectory(directory);
  await assert.rejects(lockDataDirectory(directory), DataDirectoryInUse);
  await lock.release();
});

test('what a killed process held is free', async () => {
  const directory = await emptyDirectory('killed');
  const module = new URL('./data-directory-lock.ts', import.meta.url);
  const program = `import { lockDataDirectory } from '${module}'; await lockDataDirectory('${directory}'); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await assert.rejects(lockDataDirectory(directory), DataDirectoryInUse);
  child.kill('SIGKILL');
  await once(child, 'close');
  await (await lockDataDirectory(directory)).release();
});
