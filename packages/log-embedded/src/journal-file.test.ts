import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeEntries } from './batch.ts';
import { sealFrame } from './frame.ts';
import { encodeGroupHeader, encodeJournalHeader, readJournalFile, saltOf } from './journal-file.ts';

const frameAt = (position: number, bytes: number): Buffer => {
  const frame = encodeEntries([{ key: '', value: new Uint8Array(bytes) }]);
  sealFrame(frame, { logNumber: 1, position, arrivalMs: 0 });
  return frame;
};

/** Groups of frames by their sizes. */
const groups = fc.array(fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

const fileOf = (sizes: readonly number[][], isSynced = true): { file: Buffer; starts: number[] } => {
  const parts = [encodeJournalHeader({ number: 7, isSynced, createdMs: 1_700_000_000_000 })];
  const salt = saltOf(parts[0] ?? Buffer.alloc(0));
  const starts: number[] = [];
  let position = 0;
  for (const group of sizes) {
    const frames = group.map((bytes) => frameAt(position++, bytes));
    starts.push(parts.reduce((sum, { length }) => sum + length, 0));
    parts.push(encodeGroupHeader(salt, starts.length, frames), ...frames);
  }
  return { file: Buffer.concat(parts), starts };
};

const framesBefore = (sizes: readonly number[][], group: number): number =>
  sizes.slice(0, group).reduce((sum, { length }) => sum + length, 0);

test('a journal file gives back its frames in order', () => {
  fc.assert(
    fc.property(groups, (sizes) => {
      const { header, frames, damage } = readJournalFile(fileOf(sizes).file);
      assert.deepEqual([header?.number, header?.isSynced, damage], [7, true, undefined]);
      assert.deepEqual(
        frames.map(({ position }) => position),
        sizes.flat().map((_, index) => index),
      );
    }),
  );
});

test('a file that ends early is torn there, and keeps the whole groups before', () => {
  fc.assert(
    fc.property(groups, fc.nat(), (sizes, anywhere) => {
      const { file, starts } = fileOf(sizes);
      const length = 32 + (anywhere % (file.length - 32));
      const whole = starts.findLastIndex((start) => start <= length);
      const { frames, damage } = readJournalFile(file.subarray(0, length));
      if (starts.includes(length)) assert.equal(damage, undefined);
      else assert.deepEqual(damage, { offset: starts[whole], isTorn: true });
      assert.equal(frames.length, framesBefore(sizes, Math.max(0, whole)));
    }),
  );
});

test('a flipped bit is torn in the last group and a bad disk in any other', () => {
  fc.assert(
    fc.property(groups, fc.nat(), fc.nat(7), (sizes, anywhere, bit) => {
      const { file, starts } = fileOf(sizes);
      const offset = 32 + (anywhere % (file.length - 32));
      file[offset] = (file[offset] ?? 0) ^ (1 << bit);
      const group = starts.findLastIndex((start) => start <= offset);
      const { frames, damage } = readJournalFile(file);
      assert.deepEqual(damage, { offset: starts[group], isTorn: group === starts.length - 1 });
      assert.equal(frames.length, framesBefore(sizes, group));
    }),
  );
});

test("where groups were not synced one by one, any damage may be a crash's doing", () => {
  const { file, starts } = fileOf([[10], [20], [30]], false);
  file[(starts[1] ?? 0) + 50] = 0xff;
  assert.deepEqual(readJournalFile(file).damage, { offset: starts[1], isTorn: true });
});

test('a group of another file is no group of this one', () => {
  const { file, starts } = fileOf([[10], [10]]);
  const other = encodeJournalHeader({ number: 8, isSynced: true, createdMs: 1 });
  const frames = [frameAt(1, 10)];
  const foreign = Buffer.concat([encodeGroupHeader(saltOf(other), 2, frames), ...frames]);
  const spliced = Buffer.concat([file.subarray(0, starts[1]), foreign]);
  assert.deepEqual(readJournalFile(spliced).damage, { offset: starts[1], isTorn: true });
});

test('any bytes at all are read without a stumble', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(readJournalFile(Buffer.from(bytes)).header, undefined);
    }),
  );
});
