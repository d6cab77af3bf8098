import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type DiskFile, DURABLE_BLOCK_BYTES, MemoryDisk } from '@millrace/core';
import fc from 'fast-check';
import { AlignedRooms } from './aligned-rooms.ts';
import { nodeDisk } from './node-disk.ts';

const directory = await mkdtemp(join(tmpdir(), 'millrace-direct-'));
const rooms = await AlignedRooms.for(directory);
after(() => rm(directory, { recursive: true }));

const skip = rooms === undefined ? 'this file system has no direct writes' : false;
const disk = nodeDisk(directory, rooms);
let files = 0;

const contents = async (file: DiskFile, bytes: number): Promise<Buffer> => {
  const target = Buffer.alloc(bytes);
  await file.read(target, 0);
  return target;
};

const filled = (bytes: number, seed: number): Buffer => Buffer.alloc(bytes, `${seed}.`);

/** Sizes around a block and around a room, where the seams are. */
const sizes = fc.oneof(
  fc.nat(100),
  fc.integer({ min: DURABLE_BLOCK_BYTES - 5, max: DURABLE_BLOCK_BYTES + 5 }),
  fc.integer({ min: 1024 * 1024 - 5, max: 1024 * 1024 + DURABLE_BLOCK_BYTES }),
);

test('what is written from front to back is read back, whatever the sizes and however often it is reopened', {
  skip,
}, async () => {
  const step = fc.record({ buffers: fc.array(sizes, { minLength: 1, maxLength: 3 }), reopen: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const path = `file-${files++}`;
      let file = await disk.open(path, { create: true, durable: true });
      let expected = Buffer.alloc(0);
      for (const [index, { buffers, reopen }] of steps.entries()) {
        const written = buffers.map((bytes, part) => filled(bytes, index * 10 + part));
        await file.write(written, expected.length);
        expected = Buffer.concat([expected, ...written]);
        if (reopen) {
          await file.close();
          file = await disk.open(path, { durable: true });
        }
      }
      assert.ok((await contents(file, expected.length)).equals(expected));
      assert.ok((await file.size()) < expected.length + DURABLE_BLOCK_BYTES);
      await file.close();
      await disk.remove(path);
    }),
    { numRuns: 40 },
  );
});

test('writing over a file again clears less than a block behind what is written', { skip }, async () => {
  const file = await disk.open(`file-${files++}`, { create: true, durable: true });
  await file.write([filled(10 * DURABLE_BLOCK_BYTES, 1)], 0);
  await file.write([filled(100, 2)], 0);
  await file.write([filled(DURABLE_BLOCK_BYTES, 3)], 100);
  const [start, end] = [100 + DURABLE_BLOCK_BYTES, 10 * DURABLE_BLOCK_BYTES];
  const read = await contents(file, end);
  assert.ok(read.subarray(0, start).equals(Buffer.concat([filled(100, 2), filled(DURABLE_BLOCK_BYTES, 3)])));
  const kept = read.subarray(2 * DURABLE_BLOCK_BYTES);
  assert.ok(kept.equals(filled(10 * DURABLE_BLOCK_BYTES, 1).subarray(2 * DURABLE_BLOCK_BYTES)));
  await file.close();
});

test('a truncated file goes on where it was cut', { skip }, async () => {
  const file = await disk.open(`file-${files++}`, { create: true, durable: true });
  await file.write([filled(5000, 1)], 0);
  await file.truncate(4500);
  assert.equal(await file.size(), 4500);
  await file.write([filled(10, 2)], 4500);
  const expected = Buffer.concat([filled(5000, 1).subarray(0, 4500), filled(10, 2)]);
  assert.ok((await contents(file, 4510)).equals(expected));
  await file.close();
});

test('more writers than there are rooms take turns', { skip }, async () => {
  const writers = Array.from({ length: 10 }, async (_, index) => {
    const file = await disk.open(`file-${files++}`, { create: true, durable: true });
    await file.write([filled(100_000, index)], 0);
    const isRight = (await contents(file, 100_000)).equals(filled(100_000, index));
    await file.close();
    return isRight;
  });
  assert.deepEqual(await Promise.all(writers), new Array(10).fill(true));
});

test('looking for direct writes leaves nothing behind, and finds none where nothing can be written', async () => {
  assert.ok(!(await readdir(directory)).includes('direct-write.probe'));
  assert.equal(await AlignedRooms.for(join(directory, 'missing')), undefined);
});

test('a disk without direct writes gives durable files all the same', async () => {
  for (const other of [nodeDisk(directory), new MemoryDisk()]) {
    const file = await other.open(`file-${files++}`, { create: true, durable: true });
    await file.write([filled(10, 1)], 0);
    if (file.isDurable !== true) await file.sync();
    assert.ok((await contents(file, 10)).equals(filled(10, 1)));
    await file.close();
  }
});
