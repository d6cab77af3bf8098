import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { aesBatchCipher, LogError, type LogRecord } from '@millrace/log';
import { FIRST_KEY, ManualKeys } from '@millrace/log/conformance';
import fc from 'fast-check';
import { BatchScan } from '../../src/batch-scan.ts';
import { checksum } from '../../src/bytes.ts';
import { createdLog, createFrame } from '../../src/control-frame.ts';
import { readEntries } from '../../src/entries.ts';
import { FRAME_HEADER_BYTES, type Frame, readFrame, sealFrame } from '../../src/frame.ts';
import { entriesProblem, plainEntries } from '../../src/inspect/entries.ts';
import { SegmentWalk } from '../../src/inspect/segment-walk.ts';
import { encodeGroupHeader, encodeJournalHeader, readJournalFile, saltOf } from '../../src/journal-file.ts';
import { decodeManifest, encodeManifest, type Manifest } from '../../src/manifest.ts';
import { encodeSegmentHeader, SEGMENT_HEADER_BYTES, Segment } from '../../src/segment.ts';
import { encodeIndexEntry, SparseIndex } from '../../src/sparse-index.ts';
import { fuzz } from './fuzz.ts';
import { mutated, mutations } from './mutations.ts';
import { batchAt, diskWith, LOG, LOG_NUMBER, resealed } from './written.ts';

const RUNS = 1000;

/** What the decoder gives; undefined when it refuses with a `LogError`. Anything else that it throws is a fault. */
const orRefused = <Result>(decode: () => Result): Result | undefined => {
  try {
    return decode();
  } catch (error) {
    if (error instanceof LogError) return undefined;
    throw error;
  }
};

const isOneOf = (bytes: Buffer, written: readonly Buffer[]): boolean =>
  written.some((each) => each.equals(bytes));

const randomInput = fc.uint8Array({ maxLength: 300 });

const BATCHES = [batchAt(0, 3), batchAt(3, 1), batchAt(4, 5), batchAt(9, 2)];
const FIRST = BATCHES[0] as Buffer;

fuzz('a frame is what was written, or none', mutations, RUNS, (ways) => {
  const frame = orRefused(() => readFrame(mutated(FIRST, ways), 0));
  if (frame !== undefined) assert.ok(frame.bytes.equals(FIRST));
});

fuzz('random bytes are no frame', randomInput, RUNS, (bytes) => {
  assert.equal(
    orRefused(() => readFrame(Buffer.from(bytes), 0)),
    undefined,
  );
});

const recordsOf = (frame: Frame): LogRecord[] => {
  const records: LogRecord[] = [];
  const sink = { fits: () => true, take: (record: LogRecord) => void records.push(record) };
  readEntries(frame, 0, sink);
  return records;
};

fuzz('the entries of a frame that lies stay within it', mutations, RUNS, (ways) => {
  const bytes = resealed(mutated(FIRST, ways));
  const frame = orRefused(() => readFrame(bytes, 0));
  if (frame === undefined) return;
  const records = orRefused(() => recordsOf(frame)) ?? [];
  const total = records.reduce((sum, { value }) => sum + value.length, 0);
  assert.ok(total <= bytes.length && records.length * 8 <= bytes.length);
  const problem = entriesProblem(frame);
  const plain = [...plainEntries(frame)];
  assert.ok(plain.length * 8 <= bytes.length);
  if (problem === undefined && records.length > 0) assert.equal(plain.length, records.length);
});

fuzz('a frame that makes a log names one that may be, or is refused', mutations, RUNS, (ways) => {
  const frame = createFrame(LOG);
  sealFrame(frame, { logNumber: 7, position: 0, arrivalMs: 1 });
  const read = orRefused(() => readFrame(resealed(mutated(frame, ways)), 0));
  const id = read && orRefused(() => createdLog(read));
  if (id !== undefined) assert.match(id, /^[a-z0-9-]{1,64}$/);
});

const aJournal = (isSynced: boolean, isReused: boolean): Buffer => {
  const header = encodeJournalHeader({ number: 5, isSynced, isReused, createdMs: 1_700_000_000_000 });
  const salt = saltOf(header);
  const groups = [BATCHES.slice(0, 2), BATCHES.slice(2, 3), BATCHES.slice(3)].flatMap((frames, index) => [
    encodeGroupHeader({ salt, number: index + 1, previousEnd: 999 }, frames),
    ...frames,
  ]);
  return Buffer.concat([header, ...groups, ...(isReused ? [randomBytes(100)] : [])]);
};

fuzz(
  'a journal file gives the frames that were written, in order, up to some point',
  fc.tuple(mutations, fc.boolean(), fc.boolean()),
  RUNS,
  ([ways, isSynced, isReused]) => {
    const contents = orRefused(() => readJournalFile(mutated(aJournal(isSynced, isReused), ways)));
    for (const [index, { bytes }] of (contents?.frames ?? []).entries()) {
      assert.ok(bytes.equals(BATCHES[index] as Buffer), `frame ${index}`);
    }
  },
);

fuzz('random bytes are no journal', randomInput, RUNS, (bytes) => {
  assert.deepEqual(readJournalFile(Buffer.from(bytes)).frames, []);
});

const segment = (bytes: number): Segment => new Segment({ id: LOG, number: LOG_NUMBER }, 0, 11, bytes);
const SEGMENT = Buffer.concat([encodeSegmentHeader(segment(0)), ...BATCHES]);

const openWith = async (bytes: Uint8Array) => (await diskWith(new Map([['segment', bytes]]))).open('segment');

fuzz('a segment gives batches that were written, in order, to readers', mutations, RUNS, async (ways) => {
  const bytes = mutated(SEGMENT, ways);
  const start = { offset: SEGMENT_HEADER_BYTES, position: 0 };
  const scan = new BatchScan(await openWith(bytes), segment(bytes.length), bytes.length, start, 64);
  try {
    for (let at = 0; ; ) {
      const batches = await scan.next();
      if (batches.length === 0) return;
      for (const { bytes: batch } of batches) assert.ok(batch.equals(BATCHES[at++] as Buffer));
    }
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
  }
});

fuzz(
  'a segment gives batches that were written, in order, to those who go on',
  fc.tuple(mutations, fc.integer({ min: 40, max: 600 })),
  RUNS,
  async ([ways, portionBytes]) => {
    const bytes = mutated(SEGMENT, ways);
    const plan = {
      logNumber: LOG_NUMBER,
      offset: SEGMENT_HEADER_BYTES,
      position: 0,
      end: 11,
      bytes: bytes.length,
    };
    const walk = new SegmentWalk(await openWith(bytes), plan, portionBytes);
    let next = 0;
    for (let steps = await walk.next(); steps !== undefined; steps = await walk.next()) {
      for (const step of steps) {
        const [from, to] =
          step.kind === 'damage'
            ? [step.from, step.to]
            : [step.frame.position, step.frame.position + step.frame.count];
        if (step.kind === 'batch') assert.ok(isOneOf(step.frame.bytes, BATCHES));
        assert.equal(from, next, 'every position is told of once');
        next = to;
      }
    }
    assert.equal(next, 11);
  },
);

const ENTRIES = [0, 3, 4, 9].map((position) => ({
  position,
  arrivalMs: 1_700_000_000_000 + position,
  offset: SEGMENT_HEADER_BYTES + position * 100,
}));

fuzz('an index gives entries that were written, in order, up to some point', mutations, RUNS, (ways) => {
  const index = new SparseIndex(1);
  const file = mutated(Buffer.concat(ENTRIES.map(encodeIndexEntry)), ways);
  index.load(file, { position: 0, offset: SEGMENT_HEADER_BYTES }, 1_000_000);
  if (index.length > 0) {
    for (const { position } of ENTRIES) {
      const found = index.floor(position);
      assert.ok(found !== undefined && ENTRIES.some((entry) => entry.position === found.position));
      assert.deepEqual(
        found,
        ENTRIES.find((entry) => entry.position === found.position),
      );
    }
  }
});

const MANIFEST: Manifest = {
  journal: 7,
  nextLogNumber: 4,
  logs: [{ id: LOG, number: 3, start: 2, end: 40, lastArrivalMs: 17, segments: [0, 20], lastBytes: 900 }],
};

fuzz('a manifest is what was written, or is refused', mutations, RUNS, (ways) => {
  const manifest = orRefused(() => decodeManifest(mutated(encodeManifest(MANIFEST), ways)));
  if (manifest !== undefined) assert.deepEqual(manifest, MANIFEST);
});

const titled = (body: string): Buffer => {
  const title = encodeManifest(MANIFEST).toString().slice(0, 'millrace-manifest 2 '.length);
  return Buffer.from(`${title}${checksum(Buffer.from(body)).toString(16).padStart(8, '0')}\n${body}`);
};

fuzz(
  'a manifest of any form has the form that it must have, or is refused',
  fc.oneof(
    fc.json(),
    mutations.map((ways) => mutated(Buffer.from(JSON.stringify(MANIFEST)), ways).toString()),
  ),
  RUNS,
  (body) => {
    const manifest = orRefused(() => decodeManifest(titled(body)));
    for (const { segments, end } of manifest?.logs ?? []) {
      assert.ok(segments.every((base) => base >= 0 && base <= end) && Number.isSafeInteger(end));
    }
  },
);

fuzz('an encrypted text is what was encrypted, or is refused', mutations, RUNS, (ways) => {
  const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)), uuid: randomUUID };
  const cipher = aesBatchCipher(new ManualKeys(), random);
  const text = FIRST.subarray(FRAME_HEADER_BYTES);
  const context = FIRST.subarray(4, FRAME_HEADER_BYTES);
  const target = Buffer.alloc(text.length + cipher.overheadBytes);
  cipher.encryptor(FIRST_KEY).encrypt(text, context, target);
  const decrypted = orRefused(() => cipher.decrypt(FIRST_KEY, mutated(target, ways), context));
  if (decrypted !== undefined) assert.ok(decrypted.equals(text));
});
