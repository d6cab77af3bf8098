import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WorkerObserver } from './worker-observer.ts';
import type { WorkerRow } from './worker-row.ts';

const REPORT_MS = 30_000;
const DAY_MS = 86_400_000;
const DATE_MS = 1_790_000_000_000;

const row = (ageMs: number, workerId = 'ada'): WorkerRow => ({
  workerId,
  updatedSeconds: (DATE_MS - ageMs) / 1_000,
  samples: {},
  limits: {},
});

describe('which workers are there', () => {
  const active = (observer: WorkerObserver, atMs: number, ...rows: readonly WorkerRow[]): string[] =>
    observer.see(rows, atMs, DATE_MS + atMs).active.map(({ workerId }) => workerId);

  test('those that wrote their row within two of its periods, as far as dates tell', () => {
    const observer = new WorkerObserver(REPORT_MS);
    assert.deepEqual(active(observer, 0, row(60_000, 'ada'), row(62_000, 'grace')), ['ada']);
  });

  test('those that were seen to write, whatever their date', () => {
    const observer = new WorkerObserver(REPORT_MS);
    assert.deepEqual(active(observer, 0, row(500_000)), []);
    assert.deepEqual(active(observer, 30_000, row(470_000)), ['ada']);
    assert.deepEqual(active(observer, 90_000, row(470_000)), ['ada']);
    assert.deepEqual(active(observer, 90_001, row(470_000)), []);
  });

  test('none that stand still, though their date be of the future', () => {
    const observer = new WorkerObserver(REPORT_MS);
    assert.deepEqual(active(observer, 0, row(-500_000)), ['ada']);
    assert.deepEqual(active(observer, 60_001, row(-500_000)), []);
  });

  test('none whose leases stand still, until they write again; where there is no other, they are', () => {
    const observer = new WorkerObserver(REPORT_MS);
    assert.deepEqual(active(observer, 0, row(0, 'ada'), row(0, 'grace')), ['ada', 'grace']);
    observer.doubt('ada');
    assert.deepEqual(active(observer, 10_000, row(0, 'ada'), row(0, 'grace')), ['grace']);
    assert.deepEqual(active(observer, 20_000, row(0, 'ada')), ['ada']);
    assert.deepEqual(active(observer, 30_000, row(-30_000, 'ada'), row(0, 'grace')), ['ada', 'grace']);
  });

  test('a row is for removal when it stood still for a day', () => {
    const observer = new WorkerObserver(REPORT_MS);
    const gone = (atMs: number) => observer.see([row(DAY_MS)], atMs, DATE_MS + atMs).gone.length;
    assert.equal(gone(1), 0);
    assert.equal(gone(60_002), 1);
  });
});
