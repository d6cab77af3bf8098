import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measuredWorkers } from './measures.ts';
import type { WorkerRow } from './worker-row.ts';

const row = (workerId: string, ...C: readonly number[]): WorkerRow => ({
  workerId,
  updatedSeconds: 1,
  samples: { C },
  limits: { C: 80 },
});
const valuesOf = (rows: readonly WorkerRow[]): (number | undefined)[] =>
  measuredWorkers(rows, 0.5).map(({ measures }) => measures.get('C')?.value);

describe('how busy workers are', () => {
  test('as an average in which the newest sample weighs most', () => {
    assert.deepEqual(valuesOf([row('ada', 80, 40, 20)]), [40]);
  });

  test('without the samples that failed, and not at all when the last one did', () => {
    assert.deepEqual(valuesOf([row('ada', 80, -1, 40), row('grace', 50, -1)]), [60]);
  });

  test('does not count where the whole fleet is nearly idle, unless one says that it is too much', () => {
    assert.deepEqual(valuesOf([row('ada', 3), row('grace', 9)]), [undefined, undefined]);
    assert.deepEqual(valuesOf([row('ada', 3), row('grace', 17)]), [3, 17]);
    assert.deepEqual(valuesOf([{ ...row('ada', 3), limits: { C: 2 } }]), [3]);
  });

  test('a worker without samples counts as idle, and one without measures has none', () => {
    assert.deepEqual(valuesOf([row('ada', 60), row('grace')]), [60, 0]);
    assert.deepEqual(valuesOf([row('ada', 60), { ...row('grace'), samples: {}, limits: {} }]), [
      60,
      undefined,
    ]);
  });
});
