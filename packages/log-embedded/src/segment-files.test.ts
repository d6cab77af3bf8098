import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Disk, type DiskFile, MemoryDisk } from '@millrace/core';
import { logIdOf } from '@millrace/log';
import { Segment } from './segment.ts';
import { SegmentFiles } from './segment-files.ts';

/** Counts what is open, and refuses to be used when closed. */
class CountingDisk extends MemoryDisk implements Disk {
  openCount = 0;
  openMax = 0;

  override async open(path: string, options?: { readonly create?: boolean }): Promise<DiskFile> {
    const file = await super.open(path, options);
    let isOpen = true;
    this.openCount += 1;
    this.openMax = Math.max(this.openMax, this.openCount);
    return {
      size: async () => {
        assert.ok(isOpen, 'a closed file is used');
        return file.size();
      },
      read: (target, offset) => file.read(target, offset),
      write: (buffers, offset) => file.write(buffers, offset),
      truncate: (size) => file.truncate(size),
      sync: () => file.sync(),
      close: async () => {
        assert.ok(isOpen, 'a file is closed twice');
        isOpen = false;
        this.openCount -= 1;
      },
    };
  }
}

const segments = (count: number): Segment[] =>
  Array.from(
    { length: count },
    (_, base) => new Segment({ id: logIdOf('orders'), number: 1 }, base, base + 1),
  );

test('no more files stay open than allowed, and the one used last stays', async () => {
  const disk = new CountingDisk();
  const files = new SegmentFiles(disk, 3);
  const all = segments(10);
  for (const segment of all) await files.use(segment, (file) => file.size(), { create: true });
  assert.equal(disk.openCount, 3);
  assert.ok(disk.openMax <= 4);
  await files.use(all[9] as Segment, async () => assert.equal(disk.openCount, 3));
  await files.closeAll();
  assert.equal(disk.openCount, 0);
});

test('a file in use is closed by its last user only, though it be forgotten meanwhile', async () => {
  const disk = new CountingDisk();
  const files = new SegmentFiles(disk, 1);
  const [one, other] = segments(2) as [Segment, Segment];
  await files.use(
    one,
    async (file) => {
      await files.use(other, (it) => it.size(), { create: true });
      await files.forget(one);
      await file.size();
    },
    { create: true },
  );
  await files.closeAll();
  assert.equal(disk.openCount, 0);
});

test('a file that could not be opened can be asked for again', async () => {
  const disk = new CountingDisk();
  const files = new SegmentFiles(disk, 3);
  const [segment] = segments(1) as [Segment];
  await assert.rejects(files.use(segment, (file) => file.size()));
  await disk.open(segment.path, { create: true });
  await files.use(segment, (file) => file.size());
});
