import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './arguments.ts';

test('without arguments everything is checked and tested', () => {
  assert.deepEqual(parseArguments([]), { check: true, verbose: false, patterns: [], nodeFlags: [] });
});

test('a part of the tests runs without the checks, unless they are asked for', () => {
  assert.equal(parseArguments(['put-record']).check, false);
  assert.equal(parseArguments(['--check', 'put-record']).check, true);
  assert.equal(parseArguments(['--no-check']).check, false);
});

test('--only takes a package by its name or its folder', () => {
  const patterns = ['packages/log/', 'packages/core/'];
  assert.deepEqual(parseArguments(['--only', 'log', '--only', 'packages/core/']).patterns, patterns);
});

test('flags of Node pass through', () => {
  assert.deepEqual(parseArguments(['--test-name-pattern=x']).nodeFlags, ['--test-name-pattern=x']);
});

test('an option without its value is refused', () => {
  assert.throws(() => parseArguments(['--only']), /--only needs a value/);
  assert.throws(() => parseArguments(['--concurrency', 'many']), /--concurrency needs a number/);
});
