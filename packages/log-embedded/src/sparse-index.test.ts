import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeIndexEntry, type IndexEntry, SparseIndex } from './sparse-index.ts';

const FIRST = { position: 0, offset: 32 };

/** Entries of batches one after the other, of these sizes and counts. */
const rows = fc
  .array(
    fc.record({
      count: fc.integer({ min: 1, max: 9 }),
      bytes: fc.integer({ min: 40, max: 90 }),
      waitMs: fc.nat(3),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((batches) => {
    const entries: IndexEntry[] = [];
    let next: IndexEntry = { ...FIRST, arrivalMs: 1000 };
    for (const { count, bytes, waitMs } of batches) {
      entries.push(next);
      const { position, offset, arrivalMs } = next;
      next = { position: position + count, offset: offset + bytes, arrivalMs: arrivalMs + waitMs };
    }
    return entries;
  });

const indexOf = (
  entries: readonly IndexEntry[],
  gapBytes: number,
): { index: SparseIndex; taken: IndexEntry[] } => {
  const index = new SparseIndex(gapBytes);
  return { index, taken: entries.filter((entry) => index.offer(entry)) };
};

test('the first batch is indexed, then one at least every so many bytes', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 300 }), (entries, gapBytes) => {
      const { taken } = indexOf(entries, gapBytes);
      assert.equal(taken[0], entries[0]);
      for (const [at, { offset }] of taken.entries()) {
        if (at > 0) assert.ok(offset - (taken[at - 1]?.offset ?? 0) >= gapBytes);
        if (at > 0) assert.ok(offset - (taken[at - 1]?.offset ?? 0) < gapBytes + 90);
      }
    }),
  );
});

test('positions and times are found as a search through all entries finds them', () => {
  fc.assert(
    fc.property(rows, fc.nat(300), fc.integer({ min: 900, max: 1150 }), (entries, position, timestampMs) => {
      const { index, taken } = indexOf(entries, 100);
      assert.deepEqual(
        index.floor(position),
        taken.findLast((entry) => entry.position <= position),
      );
      const before = taken.findLast(({ arrivalMs }) => arrivalMs < timestampMs);
      assert.deepEqual(index.before(timestampMs), before ?? taken[0]);
    }),
  );
});

test('a file gives the entries back up to the first that is damaged', () => {
  fc.assert(
    fc.property(rows, fc.nat(), fc.nat(7), (entries, anywhere, bit) => {
      const { taken } = indexOf(entries, 100);
      const file = Buffer.concat(taken.map(encodeIndexEntry));
      const whole = new SparseIndex(100);
      whole.load(file, FIRST, 1_000_000);
      assert.deepEqual([whole.length, whole.last], [taken.length, taken.at(-1)]);
      const offset = anywhere % file.length;
      file[offset] = (file[offset] ?? 0) ^ (1 << bit);
      const damaged = new SparseIndex(100);
      damaged.load(file, FIRST, 1_000_000);
      assert.equal(damaged.length, Math.floor(offset / 32));
    }),
  );
});

test('entries past the end of the segment are not taken', () => {
  const entries = [FIRST, { position: 5, offset: 200 }, { position: 9, offset: 400 }];
  const file = Buffer.concat(entries.map((entry) => encodeIndexEntry({ ...entry, arrivalMs: 0 })));
  const index = new SparseIndex(100);
  index.load(file, FIRST, 400);
  assert.equal(index.length, 2);
});
