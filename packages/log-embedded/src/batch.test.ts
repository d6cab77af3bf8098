import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogEntry } from '@millrace/log';
import fc from 'fast-check';
import { encodeEntries } from './batch.ts';
import { readEntries } from './entries.ts';
import { readFrame, sealFrame } from './frame.ts';
import { RecordCollector } from './record-collector.ts';

const entries: fc.Arbitrary<LogEntry[]> = fc.array(
  fc.record({ key: fc.string({ unit: 'binary', maxLength: 20 }), value: fc.uint8Array({ maxLength: 100 }) }),
  { minLength: 1, maxLength: 10 },
);

const seal = fc.record({
  logNumber: fc.integer({ min: 1, max: 0xffff_ffff }),
  // All positions of a batch are whole numbers that a double tells apart.
  position: fc.nat(Number.MAX_SAFE_INTEGER - 10),
  arrivalMs: fc.maxSafeNat(),
});

const sealed = (
  given: readonly LogEntry[],
  as: { logNumber: number; position: number; arrivalMs: number },
) => {
  const frame = encodeEntries(given);
  sealFrame(frame, as);
  return frame;
};

test('a sealed batch gives back what was put into it', () => {
  fc.assert(
    fc.property(entries, seal, fc.nat(50), (given, as, before) => {
      const file = Buffer.concat([Buffer.alloc(before), sealed(given, as), Buffer.alloc(7)]);
      const frame = readFrame(file, before);
      assert.ok(frame !== undefined);
      const { logNumber, position, arrivalMs, count } = frame;
      assert.deepEqual({ logNumber, position, arrivalMs, count }, { ...as, count: given.length });
      const collector = new RecordCollector({ records: 100, bytes: 100_000 });
      assert.ok(readEntries(frame, position, collector));
      assert.deepEqual(
        collector.records.map(({ key, value }) => ({ key, value: [...value] })),
        given.map(({ key, value }) => ({ key, value: [...value] })),
      );
    }),
  );
});

test('a batch is read from any of its positions on', () => {
  fc.assert(
    fc.property(entries, fc.nat(9), (given, skipped) => {
      const frame = readFrame(sealed(given, { logNumber: 1, position: 500, arrivalMs: 0 }), 0);
      assert.ok(frame !== undefined);
      const collector = new RecordCollector({ records: 100, bytes: 100_000 });
      readEntries(frame, 500 + skipped, collector);
      assert.deepEqual(
        collector.records.map(({ position }) => Number(position)),
        given.map((_, index) => 500 + index).slice(skipped),
      );
    }),
  );
});

test('a batch with any bit flipped, or cut anywhere, is no batch', () => {
  fc.assert(
    fc.property(entries, fc.nat(), fc.nat(7), (given, anywhere, bit) => {
      const frame = sealed(given, { logNumber: 1, position: 2, arrivalMs: 3 });
      const offset = anywhere % frame.length;
      assert.equal(readFrame(frame.subarray(0, offset), 0), undefined);
      frame[offset] = (frame[offset] ?? 0) ^ (1 << bit);
      assert.equal(readFrame(frame, 0), undefined);
    }),
    { numRuns: 500 },
  );
});

test('any bytes at all are read without a stumble', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(250), (bytes, offset) => {
      assert.equal(readFrame(Buffer.from(bytes), offset), undefined);
    }),
  );
});

test('entries that run over the end of their batch are damage, though the checksum be right', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 0xffff }), (given, more) => {
      const frame = encodeEntries(given);
      frame.writeUInt32LE(frame.readUInt32LE(40) + frame.length + more, 40);
      sealFrame(frame, { logNumber: 1, position: 0, arrivalMs: 0 });
      const read = readFrame(frame, 0);
      assert.ok(read !== undefined);
      const collector = new RecordCollector({ records: 100, bytes: 100_000 });
      assert.throws(() => readEntries(read, 0, collector), { code: 'corrupt' });
    }),
  );
});

test('an intact frame of an unknown version is refused by name rather than taken for a torn one', () => {
  const frame = encodeEntries([{ key: 'k', value: new Uint8Array(1) }]);
  frame[10] = 9;
  sealFrame(frame, { logNumber: 1, position: 0, arrivalMs: 0 });
  assert.throws(() => readFrame(frame, 0), /version 9/);
});
