import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Random } from '@millrace/core';
import { aesBatchCipher, logIdOf } from '@millrace/log';
import { FIRST_KEY, ManualKeys } from '@millrace/log/conformance';
import { encodeEntries } from '../src/batch.ts';
import { createFrame, deleteFrame, trimFrame } from '../src/control-frame.ts';
import { dataKeyOf, decryptPayload, encryptedFrame } from '../src/encrypted-frame.ts';
import { FRAME_HEADER_BYTES, sealFrame } from '../src/frame.ts';
import { encodeGroupHeader, encodeJournalHeader, readJournalFile, saltOf } from '../src/journal-file.ts';
import { decodeManifest, encodeManifest } from '../src/manifest.ts';
import { encodeSegmentHeader, Segment } from '../src/segment.ts';
import { decodeIndexEntry, encodeIndexEntry } from '../src/sparse-index.ts';

const PAGE = readFileSync(new URL('../../../docs/data-layout.md', import.meta.url), 'utf8');

const ORDERS = logIdOf('orders-0');
const ARRIVAL_MS = 1_700_000_000_000;
const SEAL = { logNumber: 2, position: 100, arrivalMs: ARRIVAL_MS };

const sealed = (frame: Buffer, encrypt?: () => void): Buffer => {
  sealFrame(frame, SEAL, encrypt);
  return frame;
};

const counting: Random = {
  bytes: (count) => Uint8Array.from({ length: count }, (_, index) => index),
  uuid: () => assert.fail('nobody needs one'),
};

const plain = (): Buffer =>
  encodeEntries([
    { key: 'k1', value: Buffer.from('hello') },
    { key: '', value: Buffer.of(0) },
  ]);
const batch = sealed(plain());
const cipher = aesBatchCipher(new ManualKeys(), counting);
const { frame: hidden, encrypt } = encryptedFrame(plain, { count: 2, key: FIRST_KEY, cipher });
const encrypted = sealed(hidden, encrypt);
const segment = new Segment({ id: ORDERS, number: 2 }, 100, 102);
const journalHeader = encodeJournalHeader({
  number: 7,
  isSynced: true,
  isReused: false,
  createdMs: ARRIVAL_MS,
});
const group = { salt: saltOf(journalHeader), number: 1, previousEnd: 4096 };
const indexEntry = { position: 100, arrivalMs: ARRIVAL_MS, offset: 32 };
const manifest = {
  journal: 7,
  nextLogNumber: 3,
  logs: [
    {
      id: ORDERS,
      number: 2,
      start: 100,
      end: 4200,
      lastArrivalMs: ARRIVAL_MS,
      segments: [0, 2000, 4000],
      lastBytes: 20_512,
    },
  ],
};

/** Every example on the page, made by the code that writes the files. */
const EXAMPLES: Readonly<Record<string, Buffer>> = {
  batch,
  create: sealed(createFrame(ORDERS)),
  delete: sealed(deleteFrame()),
  trim: sealed(trimFrame()),
  'encrypted batch': encrypted,
  'journal header': journalHeader,
  'group header': encodeGroupHeader(group, [batch]),
  'segment header': encodeSegmentHeader(segment),
  'index entry': encodeIndexEntry(indexEntry),
  manifest: encodeManifest(manifest),
};

const examplesOnPage = (): Map<string, string> =>
  new Map(
    [...PAGE.matchAll(/^```hex (.+)\n([0-9a-f\s]+)```$/gm)].map(([, name = '', hex = '']) => [
      name,
      hex.replaceAll(/\s/g, ''),
    ]),
  );

test('every example of the page is what the code writes, and none is missing', () => {
  const wanted = Object.entries(EXAMPLES).map(([name, bytes]) => [name, bytes.toString('hex')] as const);
  assert.deepEqual(Object.fromEntries(examplesOnPage()), Object.fromEntries(wanted));
});

test('the examples are read back as what they say', () => {
  const contents = readJournalFile(Buffer.concat([journalHeader, EXAMPLES['group header'] ?? batch, batch]));
  assert.deepEqual(
    contents.frames.map(({ logNumber, position, count, arrivalMs }) => ({
      logNumber,
      position,
      count,
      arrivalMs,
    })),
    [{ ...SEAL, count: 2 }],
  );
  assert.deepEqual([contents.header?.number, contents.previousEnd, contents.damage], [7, 4096, undefined]);
  assert.deepEqual(decodeIndexEntry(encodeIndexEntry(indexEntry)), indexEntry);
  assert.deepEqual(decodeManifest(encodeManifest(manifest)), manifest);
  assert.equal(dataKeyOf(encrypted), FIRST_KEY);
  assert.deepEqual(decryptPayload(encrypted, FIRST_KEY, cipher), batch.subarray(FRAME_HEADER_BYTES));
});

const BYTES: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4, u64: 8, 'u64, big-endian': 8 };

const sizeOf = (type: string): number | undefined =>
  BYTES[type] ?? (/^\d+ bytes$/.test(type) ? Number.parseInt(type, 10) : undefined);

/** The rows of each table of bytes. */
const tables = (): string[][][] =>
  [...PAGE.matchAll(/^\| byte \| type \| field \|\n\|[-|]+\|\n((?:\|.*\|\n)+)/gm)].map(([, rows = '']) =>
    rows
      .trim()
      .split('\n')
      .map((row) => row.split('|').map((cell) => cell.trim()))
      .map(([, ...cells]) => cells),
  );

test('the fields of each table follow one another without a gap', () => {
  assert.ok(tables().length >= 8, 'the tables were found');
  for (const rows of tables()) {
    for (const [index, [byte = '', type = '']] of rows.entries()) {
      const [following] = rows[index + 1] ?? [];
      const size = sizeOf(type);
      if (size !== undefined && /^\d+$/.test(byte) && following !== undefined) {
        assert.equal(Number(following), Number(byte) + size, `after byte ${byte} (${type})`);
      }
    }
  }
});
