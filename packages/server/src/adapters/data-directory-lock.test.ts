import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
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

test('of many that find what a killed process left, one takes it', async () => {
  const directory = await emptyDirectory('contended');
  const dead = createServer().listen(join(directory, 'dead'));
  await once(dead, 'listening');
  // A second name outlives the listener: a socket that nobody listens behind, as after a crash.
  await link(join(directory, 'dead'), join(directory, 'left'));
  dead.close();
  for (let round = 0; round < 40; round++) {
    await link(join(directory, 'left'), join(directory, 'lock-00000000.sock'));
    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataDirectory(directory)));
    const winners = takers.filter((taker) => taker.status === 'fulfilled');
    assert.equal(winners.length, 1);
    for (const taker of takers)
      if (taker.status === 'rejected') assert.ok(taker.reason instanceof DataDirectoryInUse);
    await winners[0]?.value.release();
  }
});

test('who comes second is told the pid of the first, and where it serves', async () => {
  const directory = await emptyDirectory('told');
  const lock = await lockDataDirectory(directory);
  await assert.rejects(lockDataDirectory(directory), new RegExp(`\\(pid ${process.pid}\\)`));
  lock.servesAt('http://127.0.0.1:4567');
  await assert.rejects(
    lockDataDirectory(directory),
    new RegExp(`\\(pid ${process.pid}, http://127.0.0.1:4567\\)`),
  );
  await lock.release();
});
