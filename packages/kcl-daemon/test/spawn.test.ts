import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spawnChild } from '@millrace/kcl-daemon';

const DEADLINE_MS = 20_000;

const textOf = async (output: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(output)).toString();

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a child reads what it is sent until its input ends', async () => {
  const child = spawnChild(['cat']);
  const output = textOf(child.output);
  await child.write('one\n');
  await child.write('two\n');
  child.closeInput();
  assert.equal(await output, 'one\ntwo\n');
  assert.deepEqual(await child.exited, { exitCode: 0, signal: null });
});

test('its errors come apart from its output, and it has an exit code', async () => {
  const child = spawnChild([process.execPath, '-e', 'console.error("no"),process.exit(3)']);
  assert.deepEqual(await Promise.all([textOf(child.output), textOf(child.errorOutput)]), ['', 'no\n']);
  assert.deepEqual(await child.exited, { exitCode: 3, signal: null });
});

test('a child that has ended cannot be written to', async () => {
  const child = spawnChild(['true']);
  await child.exited;
  await assert.rejects(child.write('x'.repeat(1_000_000)));
});

test('a killed child takes along what it has started', async () => {
  const child = spawnChild(['sh', `${import.meta.dirname}/with-helper.sh`]);
  let pid = 0;
  for await (const chunk of child.output) {
    pid = Number(Buffer.from(chunk).toString());
    break;
  }
  assert(isAlive(pid));
  child.kill();
  assert.deepEqual(await child.exited, { exitCode: null, signal: 'SIGKILL' });
  const endMs = performance.now() + DEADLINE_MS;
  while (isAlive(pid)) {
    assert(performance.now() < endMs, 'the helper goes on');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  child.kill();
});

test('a program that is not there cannot be started', async () => {
  const child = spawnChild(['/nowhere/program']);
  assert.equal(child.pid, undefined);
  await assert.rejects(child.exited, { code: 'ENOENT' });
  assert.equal(await textOf(child.output), '');
  await assert.rejects(child.write('one\n'));
  child.kill();
});
