import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk, positionOf } from '@millrace/core';
import { aesBatchCipher, type LogEngine, LogError } from '@millrace/log';
import { FIRST_KEY, ManualClock, ManualKeys, readAll } from '@millrace/log/conformance';
import { type EmbeddedLimits, openEmbeddedLog } from '@millrace/log-embedded';
import { randomOf } from '@millrace/simulation';
import { readU64 } from '../src/bytes.ts';
import { FRAME_HEADER_BYTES, frameBytesAt, sealFrame } from '../src/frame.ts';
import { SEGMENT_HEADER_BYTES } from '../src/segment.ts';
import { ORDERS, SMALL_SEGMENTS } from './store.ts';
import { filesBelow } from './stored-bytes.ts';

const UNDER_KEY = { encryptWith: FIRST_KEY };
const SECRET = 'the vault opens at midnight';
const isError = (code: string) => (error: unknown) => error instanceof LogError && error.code === code;

/** A store on a disk that can be looked into and tampered with; whoever opens it again without closing has killed it. */
class Vault {
  readonly disk = new MemoryDisk();
  readonly keys = new ManualKeys();
  readonly #clock = new ManualClock();
  readonly #random = randomOf(7);
  readonly #limits: Partial<EmbeddedLimits>;

  constructor(limits: Partial<EmbeddedLimits> = {}) {
    this.#limits = limits;
  }

  open(cipher = aesBatchCipher(this.keys, this.#random)): Promise<LogEngine> {
    const limits = this.#limits;
    return openEmbeddedLog({ disk: this.disk, clock: this.#clock, durability: 'flush', cipher, limits });
  }

  openWithoutCipher(): Promise<LogEngine> {
    return openEmbeddedLog({ disk: this.disk, clock: this.#clock, durability: 'flush' });
  }

  /** Changes the bytes of the first file whose name ends so. */
  async tamper(suffix: string, change: (bytes: Buffer) => void): Promise<void> {
    for (const [path, bytes] of await filesBelow(this.disk)) {
      if (!path.endsWith(suffix) || path.includes('control')) continue;
      change(bytes);
      const file = await this.disk.open(path);
      return file.write([bytes], 0);
    }
    assert.fail(`no file ends with ${suffix}`);
  }
}

const append = async (engine: LogEngine, count: number): Promise<void> => {
  await engine.create(ORDERS);
  for (let index = 0; index < count; index++) {
    await engine.append(
      ORDERS,
      [{ key: `key ${index}`, value: Buffer.from(`${SECRET} ${index}`) }],
      UNDER_KEY,
    );
  }
};

const read = async (engine: LogEngine, from: number) =>
  (await engine.read(ORDERS, positionOf(from), { records: 1, bytes: 1 })).records[0];

/** Where the frames of a segment begin. */
const framesOf = (segment: Buffer): number[] => {
  const offsets: number[] = [];
  for (let at = SEGMENT_HEADER_BYTES; at < segment.length; at += frameBytesAt(segment, at) ?? 0)
    offsets.push(at);
  return offsets;
};

test('neither the journal nor a segment holds what was encrypted', async () => {
  const vault = new Vault();
  const engine = await vault.open();
  await append(engine, 3);
  const seen = new Set<string>();
  const look = async (): Promise<void> => {
    for (const [path, bytes] of await filesBelow(vault.disk)) {
      if (bytes.includes(Buffer.from(FIRST_KEY, 'hex'))) seen.add(path.split('.').at(-1) ?? '');
      assert.ok(!bytes.includes(SECRET) && !bytes.includes('key 1'), path);
    }
  };
  await look();
  await engine.close();
  await look();
  assert.deepEqual([...seen].sort(), ['journal', 'segment']);
});

test('encrypted batches that only the journal holds are read after a kill', async () => {
  const vault = new Vault();
  await append(await vault.open(), 5);
  const engine = await vault.open();
  const records = await readAll(engine, ORDERS);
  assert.deepEqual(
    records.map(({ value }) => Buffer.from(value).toString()),
    Array.from({ length: 5 }, (_, index) => `${SECRET} ${index}`),
  );
});

test('a flipped bit in an encrypted batch is corrupt, in whatever part of it', async () => {
  const vault = new Vault(SMALL_SEGMENTS);
  const before = await vault.open();
  await append(before, 1);
  await before.close();
  for (const offset of [0, FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + 20, FRAME_HEADER_BYTES + 60]) {
    const flip = (bytes: Buffer): void => {
      bytes[SEGMENT_HEADER_BYTES + offset] = (bytes[SEGMENT_HEADER_BYTES + offset] ?? 0) ^ 1;
    };
    await vault.tamper('.segment', flip);
    const engine = await vault.open();
    await assert.rejects(read(engine, 0), isError('corrupt'));
    await engine.close();
    await vault.tamper('.segment', flip);
  }
  assert.equal((await read(await vault.open(), 0))?.key, 'key 0');
});

/** Seals the frame anew, as somebody would who knows the format and not the key. */
const forge = (frame: Buffer, changes: { readonly position?: number; readonly arrivalMs?: number }): void =>
  sealFrame(frame, {
    logNumber: frame.readUInt32LE(16),
    position: readU64(frame, 24),
    arrivalMs: readU64(frame, 32),
    ...changes,
  });

test('encrypted batches that change places are found, though their checksums are made anew', async () => {
  const vault = new Vault(SMALL_SEGMENTS);
  const before = await vault.open();
  await append(before, 2);
  await before.close();
  await vault.tamper('.segment', (segment) => {
    const [first = 0, second = 0] = framesOf(segment);
    const size = frameBytesAt(segment, first) ?? 0;
    const frames = [segment.subarray(first, first + size), segment.subarray(second, second + size)] as const;
    const swapped = [Buffer.from(frames[1]), Buffer.from(frames[0])] as const;
    for (const [place, frame] of swapped.entries()) forge(frame, { position: place });
    frames[0].set(swapped[0]);
    frames[1].set(swapped[1]);
  });
  const engine = await vault.open();
  for (const position of [0, 1]) await assert.rejects(read(engine, position), isError('corrupt'));
});

test('an encrypted batch that is given another arrival, or taken for a plain one, is found', async () => {
  const changes: ((frame: Buffer) => void)[] = [
    (frame) => forge(frame, { arrivalMs: readU64(frame, 32) + 1 }),
    (frame) => {
      frame.writeUInt16LE(0, 12);
      forge(frame, {});
    },
  ];
  for (const change of changes) {
    const vault = new Vault(SMALL_SEGMENTS);
    const before = await vault.open();
    await append(before, 1);
    await before.close();
    await vault.tamper('.segment', (segment) => change(segment.subarray(SEGMENT_HEADER_BYTES)));
    await assert.rejects(read(await vault.open(), 0), isError('corrupt'));
  }
});

test('a store opened without a cipher keeps and reads what is plain, and refuses the rest', async () => {
  const vault = new Vault();
  const before = await vault.open();
  await append(before, 1);
  await before.append(ORDERS, [{ key: 'open', value: Buffer.from('word') }]);
  await before.close();
  const engine = await vault.openWithoutCipher();
  await assert.rejects(read(engine, 0), isError('key-unavailable'));
  assert.equal((await read(engine, 1))?.key, 'open');
  const refused = engine.append(ORDERS, [{ key: '', value: Buffer.from(SECRET) }], UNDER_KEY);
  await assert.rejects(refused, isError('key-unavailable'));
});

test('a flag of a later release is not taken for damage that may be cut off', async () => {
  const vault = new Vault();
  await append(await vault.open(), 1);
  await vault.tamper('.journal', (journal) => {
    const key = journal.indexOf(Buffer.from(FIRST_KEY, 'hex'));
    const frame = journal.subarray(key - FRAME_HEADER_BYTES);
    frame.writeUInt16LE(3, 12);
    const whole = frame.subarray(0, frameBytesAt(frame, 0));
    forge(whole, {});
  });
  await assert.rejects(vault.open(), isError('corrupt'));
});
