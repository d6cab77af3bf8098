import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSettings, type SettingsOf, setting } from '@millrace/client-common';

const TABLE = {
  sizeMax: setting<number>({ unit: 'bytes', default: 10, range: [1, 100], help: 'A size.' }),
  ttlMs: setting<number>({ unit: 'ms', default: 5, range: [0, Number.POSITIVE_INFINITY], help: 'A time.' }),
  mode: setting<'fast' | 'safe'>({ default: 'safe', range: ['fast', 'safe'], help: 'A word.' }),
  name: setting<string>({ default: 'any', help: 'A text.' }),
} as const;

const check = (given: object): SettingsOf<typeof TABLE> =>
  checkSettings(
    TABLE,
    given,
    [{ broken: ({ sizeMax, mode }) => mode === 'fast' && sizeMax > 50, advice: 'fast ones are small' }],
    (message) => new RangeError(message),
  );

test('what is not given, or given as undefined, has its default', () => {
  assert.deepEqual(check({ name: undefined, mode: 'fast' }), {
    sizeMax: 10,
    ttlMs: 5,
    mode: 'fast',
    name: 'any',
  });
});

test('both ends of a range are allowed, an endless one too', () => {
  assert.equal(check({ sizeMax: 100 }).sizeMax, 100);
  assert.equal(check({ ttlMs: Number.POSITIVE_INFINITY }).ttlMs, Number.POSITIVE_INFINITY);
});

const REFUSED = [
  [{ sizeMax: 101 }, 'sizeMax must be a whole number from 1 to 100'],
  [{ sizeMax: 1.5 }, 'sizeMax must be a whole number from 1 to 100'],
  [{ sizeMax: Number.NaN }, 'sizeMax must be a whole number from 1 to 100'],
  [{ sizeMax: '10' }, 'sizeMax must be a number'],
  [{ mode: 'quick' }, 'mode must be one of fast, safe'],
  [{ sise: 1 }, 'sise is no setting'],
  [{ sizeMax: 51, mode: 'fast' }, 'fast ones are small'],
] as const;

for (const [given, message] of REFUSED) {
  test(`refuses ${JSON.stringify(given)}: ${message}`, () => {
    assert.throws(() => check(given), { name: 'RangeError', message });
  });
}
