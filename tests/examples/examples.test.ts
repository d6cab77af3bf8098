import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { start } from '@millrace/server';
import { runProgram } from '../support/run-program.ts';

const folder = (name: string): URL => new URL(`../../examples/${name}/`, import.meta.url);
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

test('first-stream puts nine orders and reads each back', async () => {
  const millrace = await start();
  const { code, stdout, stderr } = await runProgram(['main.js'], {
    cwd: folder('first-stream'),
    env: { AWS_ENDPOINT_URL: millrace.endpoint },
  });
  await millrace.close();
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^9 orders put, 0 refused\n/);
  for (let order = 0; order < 9; order++) assert.match(stdout, new RegExp(`"order":${order},`));
});

test('exactly-once books every payment once, however often it is read', async () => {
  const millrace = await start();
  const { code, stdout, stderr } = await runProgram(['main.js'], {
    cwd: folder('exactly-once'),
    env: { AWS_ENDPOINT_URL: millrace.endpoint },
  });
  await millrace.close();
  assert.equal(code, 0, stderr);
  const told = [
    '120 records read, 120 booked',
    '300 records read, 180 booked',
    '0 records read, 0 booked',
    'ada 100',
    'edsger 100',
    'grace 100',
  ];
  assert.deepEqual(stdout.trim().split('\n'), told);
});

test('trucks follows every truck all the way, whatever becomes of workers and shards', async () => {
  const millrace = await start();
  const { code, stdout, stderr } = await runProgram(['main.js'], {
    cwd: folder('trucks'),
    env: { AWS_ENDPOINT_URL: millrace.endpoint },
  });
  await millrace.close();
  assert.equal(code, 0, stdout + stderr);
  const story = [
    /edsger is killed/,
    /barbara joins/,
    /every shard is split/,
    /\b8000 of 8000 positions seen, 0 missed/,
  ];
  for (const told of story) assert.match(stdout, told);
});

test("in-your-tests passes under Node's test runner", async () => {
  // Without this the inner runner takes itself for a part of the outer one and reports nothing.
  const env = { NODE_TEST_CONTEXT: undefined };
  const { code, stdout } = await runProgram(['--test', 'node-test/*.test.js'], {
    cwd: folder('in-your-tests'),
    env,
  });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /pass 1\b/);
});

test('in-your-tests passes under vitest', async () => {
  const { code, stdout, stderr } = await runProgram([VITEST, 'run'], { cwd: folder('in-your-tests') });
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /1 passed/);
});
