import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './arguments.ts';

const parse = (...args: string[]) => parseArguments(args, () => 77);

test('one seed, some seeds, or seeds for ever', () => {
  const some = ({ from, count }: ReturnType<typeof parse>) => [from, count];
  assert.deepEqual(some(parse()), [1, 1000]);
  assert.deepEqual(some(parse('--seed', '42')), [42, 1]);
  assert.deepEqual(some(parse('--seeds', '5', '--from', '10')), [10, 5]);
  assert.deepEqual(some(parse('--endless')), [77, Number.POSITIVE_INFINITY]);
  assert.deepEqual(some(parse('--endless', '--from', '3')), [3, Number.POSITIVE_INFINITY]);
});

test('what is no whole number, and what is not known, is refused', () => {
  assert.throws(() => parse('--seed', 'x'), /--seed takes a whole number/);
  assert.throws(() => parse('--seeds', '-1'));
  assert.throws(() => parse('--sead', '1'));
});
