import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTROL_LOG } from '@millrace/catalog';
import { type Disk, DiskError, type DiskFile, MemoryDisk, positionOf } from '@millrace/core';
import { type LogEngine, LogError, logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { Reserve } from './reserve.ts';
import { reservedLog } from './reserved-log.ts';

const MIB = 1024 * 1024;
const ORDERS = logIdOf('orders');
const ENTRY = { key: '', value: new Uint8Array(1) };
const random = { bytes: (count: number) => new Uint8Array(count), uuid: () => '' };

/** A disk with so much space; what the reserve writes counts against it. */
class SmallDisk extends MemoryDisk {
  freeBytes = 0;

  override async open(path: string, options?: Parameters<Disk['open']>[1]): Promise<DiskFile> {
    const file = await super.open(path, options);
    const write = file.write.bind(file);
    file.write = async (buffers, offset) => {
      const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
      if (bytes > this.freeBytes) throw new DiskError('full', 'no space left');
      await write(buffers, offset);
    };
    return file;
  }
}

/** An engine whose appends fail as they are told to. */
const anEngine = () => {
  const told = { isFull: false, appends: 0 };
  const take = async () => {
    told.appends += 1;
    if (told.isFull) throw new LogError('full', 'no space left');
    return { first: positionOf(0), arrivalMs: 0 };
  };
  const engine = { append: take, delete: take, create: take, trim: take } as unknown as LogEngine;
  return { told, engine };
};

const aWorld = async (freeBytes: number) => {
  const disk = new SmallDisk();
  disk.freeBytes = freeBytes;
  const clock = new ManualClock();
  const changes: boolean[] = [];
  const reserve = new Reserve({ disk, random, clock, onChange: (isHeld) => void changes.push(isHeld) });
  await reserve.take();
  const { told, engine } = anEngine();
  /** A second goes by, and what it begins is over. */
  const second = async () => {
    clock.advance(1000);
    await reserve.take();
  };
  return { disk, reserve, changes, told, log: reservedLog(engine, reserve), second };
};

const isFull = (error: unknown): boolean => error instanceof LogError && error.code === 'full';

test('what an earlier process reserved is reserved', async () => {
  const { disk, reserve } = await aWorld(MIB);
  disk.freeBytes = 0;
  const again = new Reserve({ disk, random, clock: new ManualClock(), onChange: () => {} });
  await again.take();
  assert.deepEqual([reserve.isHeld, again.isHeld], [true, true]);
});

test('after the first append that finds no space, records are refused until there is a good deal of it', async () => {
  const { disk, told, changes, log, second } = await aWorld(MIB);
  told.isFull = true;
  await assert.rejects(log.append(ORDERS, [ENTRY]), isFull);
  assert.deepEqual(await disk.list(''), []);
  told.isFull = false;
  disk.freeBytes = 8 * MIB;
  await second();
  await assert.rejects(log.append(ORDERS, [ENTRY]), isFull);
  assert.ok(isFull((await log.appendAll([{ log: ORDERS, entries: [ENTRY] }]))[0]));
  assert.equal(told.appends, 1, 'the engine is not asked');
  disk.freeBytes = 9 * MIB;
  await second();
  await log.append(ORDERS, [ENTRY]);
  assert.deepEqual(changes, [true, false, true]);
  assert.equal(await (await disk.open('reserve')).size(), MIB);
});

test('commands and what frees space are tried again with the reserve given back', async () => {
  for (const call of ['append', 'create', 'delete', 'trim'] as const) {
    const { disk, told, log } = await aWorld(MIB);
    told.isFull = true;
    const remove = disk.remove.bind(disk);
    disk.remove = async (path) => {
      told.isFull = false;
      await remove(path);
    };
    if (call === 'append') await log.append(CONTROL_LOG, [ENTRY]);
    else if (call === 'trim') await log.trim(ORDERS, positionOf(1));
    else await log[call](ORDERS);
    assert.equal(told.appends, 2);
  }
});

test('a disk that takes no writes at all is left to the store to find out', async () => {
  const disk = new SmallDisk();
  disk.open = () => Promise.reject(new DiskError('read-only', 'read-only file system'));
  const reserve = new Reserve({ disk, random, clock: new ManualClock(), onChange: () => {} });
  await reserve.take();
  assert.equal(reserve.isHeld, true);
});
