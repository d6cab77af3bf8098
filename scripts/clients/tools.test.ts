import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAtLeast, requireTool, type Tool } from './tools.ts';
import { ClientUnavailable } from './unavailable.ts';

/** Node prints a version too. */
const aTool = (change: Partial<Tool>): Tool => ({
  command: process.execPath,
  versionArgs: ['--version'],
  version: /^v(\d+)\.(\d+)/m,
  atLeast: [24],
  debianPackage: 'nodejs',
  ...change,
});

test('versions compare number by number, not as text', () => {
  assert.ok(isAtLeast([3, 10], [3, 9]));
  assert.ok(isAtLeast([4, 0], [3, 9]));
  assert.ok(isAtLeast([3], [3, 0]));
  assert.ok(!isAtLeast([3, 9], [3, 10]));
  assert.ok(!isAtLeast([2, 11], [3, 9]));
});

test('a tool that is there and new enough is accepted', async () => {
  await requireTool(aTool({}));
});

test('a tool that is missing is named with the package that has it', async () => {
  const missing = aTool({ command: 'no-such-command-anywhere' });
  await assert.rejects(requireTool(missing), (error) => {
    assert.ok(error instanceof ClientUnavailable);
    assert.equal(error.message, 'no-such-command-anywhere 24 or later (Debian: nodejs) is not installed.');
    return true;
  });
});

test('a tool that is too old says which one was found', async () => {
  await assert.rejects(requireTool(aTool({ atLeast: [99] })), /99 or later .* is needed; found v\d+/);
});
