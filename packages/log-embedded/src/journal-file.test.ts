import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeEntries } from './batch.ts';
import { sealFrame } from './frame.ts';
import { encodeGroupHeader, encodeJournalHeader, readJournalFile, saltOf } from './journal-file.ts';

const HEADER = { number: 7, isSynced: true, isReused: false, createdMs: 1_700_000_000_000 };
const PREVIOUS_END = 4321;

const frameAt = (position: number, bytes: number): Buffer => {
  const frame = encodeEntries([{ key: '', value: new Uint8Array(bytes) }]);
  sealFrame(frame, { logNumber: 1, position, arrivalMs: 0 });
  return frame;
};

/** Groups of frames by their sizes. */
const groups = fc.array(fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });

const fileOf = (
  sizes: readonly number[][],
  as = {},
  { firstPosition = 0 } = {},
): { file: Buffer; starts: number[] } => {
  const parts = [encodeJournalHeader({ ...HEADER, ...as })];
  const salt = saltOf(parts[0] ?? Buffer.alloc(0));
  const starts: number[] = [];
  let position = firstPosition;
  for (const group of sizes) {
    const frames = group.map((bytes) => frameAt(position++, bytes));
    starts.push(parts.reduce((sum, { length }) => sum + length, 0));
    const place = { salt, number: starts.length, previousEnd: PREVIOUS_END };
    parts.push(encodeGroupHeader(place, frames), ...frames);
  }
  return { file: Buffer.concat(parts), starts };
};

const framesBefore = (sizes: readonly number[][], group: number): number =>
  sizes.slice(0, group).reduce((sum, { length }) => sum + length, 0);

test('a journal file gives back its frames in order', () => {
  fc.assert(
    fc.property(groups, (sizes) => {
      const { file } = fileOf(sizes);
      const { header, frames, damage, end, previousEnd } = readJournalFile(file);
      assert.deepEqual([header?.number, header?.isSynced, damage], [7, true, undefined]);
      assert.deepEqual([end, previousEnd], [file.length, PREVIOUS_END]);
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

test('a damaged group is torn as long as no group behind it knows that it was safe', () => {
  fc.assert(
    fc.property(groups, fc.nat(), (sizes, anywhere) => {
      const { file, starts } = fileOf(sizes);
      const offset = 32 + (anywhere % (file.length - 32));
      file[offset] = (file[offset] ?? 0) ^ 1;
      const group = starts.findLastIndex((start) => start <= offset);
      const { frames, damage } = readJournalFile(file);
      assert.deepEqual(damage, { offset: starts[group], isTorn: group === starts.length - 1 });
      assert.equal(frames.length, framesBefore(sizes, group));
    }),
  );
});

test("where groups were not synced one by one, any damage may be a crash's doing", () => {
  const { file, starts } = fileOf([[10], [20], [30]], { isSynced: false });
  file[(starts[1] ?? 0) + 50] = 0xff;
  assert.deepEqual(readJournalFile(file).damage, { offset: starts[1], isTorn: true });
});

test('a group of another file is no group of this one', () => {
  const { file, starts } = fileOf([[10], [10]]);
  const salt = saltOf(encodeJournalHeader({ ...HEADER, number: 8 }));
  const frames = [frameAt(1, 10)];
  const place = { salt, number: 2, previousEnd: PREVIOUS_END };
  const foreign = Buffer.concat([encodeGroupHeader(place, frames), ...frames]);
  const spliced = Buffer.concat([file.subarray(0, starts[1]), foreign]);
  assert.deepEqual(readJournalFile(spliced).damage, { offset: starts[1], isTorn: true });
});

test('what a file held in its former life ends its last group, and is no damage', () => {
  fc.assert(
    fc.property(groups, groups, (sizes, formerSizes) => {
      const former = fileOf(formerSizes, { number: 3 }).file;
      const { file } = fileOf(sizes, { isReused: true });
      const over = Buffer.concat([file, former.subarray(file.length)]);
      const { frames, end, damage } = readJournalFile(over);
      assert.deepEqual([end, damage, frames.length], [file.length, undefined, sizes.flat().length]);
    }),
  );
});

test('zeros behind the last group are no damage', () => {
  fc.assert(
    fc.property(groups, fc.nat(5000), (sizes, zeros) => {
      const { file } = fileOf(sizes);
      const { end, damage } = readJournalFile(Buffer.concat([file, Buffer.alloc(zeros)]));
      assert.deepEqual([end, damage], [file.length, undefined]);
    }),
  );
});

test('a group is whole when all of it has come to the disk, whatever intact frames stood in its place', () => {
  fc.assert(
    fc.property(groups, fc.nat(), fc.constantFrom(0, 1000), (sizes, anywhere, firstPosition) => {
      const former = fileOf(sizes, { number: 3, isReused: true }, { firstPosition }).file;
      const { file, starts } = fileOf(sizes, { isReused: true });
      const length = 32 + (anywhere % (file.length - 32));
      const torn = Buffer.concat([file.subarray(0, length), former.subarray(length)]);
      const ends = [...starts.slice(1), file.length];
      const whole = ends.filter((end) => torn.subarray(0, end).equals(file.subarray(0, end))).length;
      const { frames, end, damage } = readJournalFile(torn);
      assert.equal(end, [32, ...ends][whole]);
      assert.equal(frames.length, framesBefore(sizes, whole));
      assert.notEqual(damage?.isTorn, false);
    }),
    { numRuns: 300 },
  );
});

test('any bytes at all are read without a stumble', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(readJournalFile(Buffer.from(bytes)).header, undefined);
    }),
  );
});
