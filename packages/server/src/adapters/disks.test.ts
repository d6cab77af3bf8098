import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type Disk, DiskError, MemoryDisk } from '@millrace/core';
import { nodeDisk } from './node-disk.ts';

const directories: string[] = [];
const onRealDisk = async (): Promise<Disk> => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-disk-'));
  directories.push(directory);
  return nodeDisk(directory);
};
const DISKS = [
  { name: 'the memory disk', make: async (): Promise<Disk> => new MemoryDisk() },
  { name: 'the real disk', make: onRealDisk },
];

after(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))));

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

for (const { name, make } of DISKS) {
  describe(`on ${name}`, () => {
    test('what is written is read back, across buffers and gaps', async () => {
      const file = await (await make()).open('a', { create: true });
      await file.write([bytes(1, 2), bytes(), bytes(3)], 2);
      await file.sync();
      const target = new Uint8Array(8);
      assert.equal(await file.read(target, 0), 5);
      assert.deepEqual(target, bytes(0, 0, 1, 2, 3, 0, 0, 0));
      assert.equal(await file.size(), 5);
      await file.close();
    });

    test('one write of many buffers is there whole, however large the file becomes by it', async () => {
      const file = await (await make()).open('a', { create: true });
      const buffers = Array.from({ length: 100 }, (_, index) => new Uint8Array(300).fill(index + 1));
      await file.write(buffers, 0);
      const target = Buffer.alloc(30_000);
      assert.equal(await file.read(target, 0), 30_000);
      assert.ok(target.equals(Buffer.concat(buffers)));
      await file.close();
    });

    test('a truncated file has lost its end for good', async () => {
      const file = await (await make()).open('a', { create: true });
      await file.write([bytes(1, 2, 3)], 0);
      await file.truncate(1);
      await file.truncate(3);
      const target = new Uint8Array(3);
      await file.read(target, 0);
      assert.deepEqual(target, bytes(1, 0, 0));
      await file.close();
    });

    test('opening a file that is not there fails unless it may be made; opening it again keeps what it holds', async () => {
      const disk = await make();
      await assert.rejects(
        disk.open('a'),
        (error) => error instanceof DiskError && error.code === 'not-found',
      );
      const made = await disk.open('a', { create: true });
      await made.write([bytes(7)], 0);
      await made.close();
      const again = await disk.open('a', { create: true });
      assert.equal(await again.size(), 1);
      await again.close();
    });

    test('a directory lists its names once each, sorted, and goes with all it holds', async () => {
      const disk = await make();
      await disk.makeDirectory('d/b');
      await disk.makeDirectory('d/b');
      for (const path of ['d/b/2', 'd/b/1', 'd/a', 'e'])
        await (await disk.open(path, { create: true })).close();
      assert.deepEqual(await disk.list('d'), ['a', 'b']);
      await disk.remove('d');
      await disk.remove('d');
      assert.deepEqual(await disk.list(''), ['e']);
      assert.deepEqual(await disk.list('d'), []);
    });

    test('a rename replaces what stood there', async () => {
      const disk = await make();
      const file = await disk.open('new', { create: true });
      await file.write([bytes(9)], 0);
      await file.close();
      await (await disk.open('old', { create: true })).close();
      await disk.rename('new', 'old');
      await disk.syncDirectory('');
      assert.deepEqual(await disk.list(''), ['old']);
      const old = await disk.open('old');
      assert.equal(await old.size(), 1);
      await old.close();
    });
  });
}
