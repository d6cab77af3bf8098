import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeRandom } from '../adapters/node-random.ts';
import { NoPartitionKey, parsePartitionKey } from './partition-key.ts';

const keyOf = (expression: string, line: string): string =>
  parsePartitionKey(expression, nodeRandom)(Buffer.from(line));

test('each form of expression finds its key', () => {
  const cases: readonly [expression: string, line: string, key: string][] = [
    ['.customer.id', '{"customer":{"id":"ada"}}', 'ada'],
    ['.n', '{"n":17}', '17'],
    ['column:2', 'a,b,c', 'b'],
    ['column:2', 'a\tb', 'b'],
    ['regex:^([^:]+):', 'file.ts:12:text', 'file.ts'],
    ['regex:\\d+', 'order 42 of', '42'],
    ['line', 'whole line', 'whole line'],
    ['=all', 'anything', 'all'],
  ];
  for (const [expression, line, key] of cases) assert.equal(keyOf(expression, line), key, expression);
});

test('a random key is another one each time', () => {
  const of = parsePartitionKey('random', nodeRandom);
  assert.notEqual(of(Buffer.from('a')), of(Buffer.from('a')));
});

test('a line without the key is an error that shows the line', () => {
  for (const [expression, line] of [
    ['.id', '{"name":"ada"}'],
    ['.id', 'not json'],
    ['.id', 'null'],
    ['.toString', '{}'],
    ['column:3', 'a,b'],
    ['regex:x(.)', 'abc'],
    ['line', ''],
  ] as const) {
    assert.throws(() => keyOf(expression, line), NoPartitionKey, expression);
  }
});

test('a key of more than 256 characters is cut, never in the middle of a character', () => {
  assert.equal(keyOf('line', '😀'.repeat(300)), '😀'.repeat(256));
});

test('an expression of no known form is refused with the forms', () => {
  for (const expression of ['', 'customer', 'column:0', '..a', 'regex:']) {
    assert.throws(() => parsePartitionKey(expression, nodeRandom), /is no partition key expression/);
  }
});
