import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DiskError } from '@millrace/core';
import { Chance, capacity, type Fault, fault, SimulatedDisk, within } from '../src/index.ts';

const SEEDS = 200;

const aDisk = (seed: number, faults: readonly Fault[] = [], durableBlockBytes = 0): SimulatedDisk =>
  new SimulatedDisk({ chance: new Chance(seed), pace: () => Promise.resolve(), faults, durableBlockBytes });

const options = (seed: number) => ({ chance: new Chance(seed), pace: () => Promise.resolve() });

const text = (disk: SimulatedDisk, path: string): string | undefined =>
  disk.paths.includes(path) ? disk.inode(path).seen.toString() : undefined;

/** What is found after a power cut, over many seeds. */
const outcomes = async (
  prepare: (disk: SimulatedDisk) => Promise<unknown>,
  path: string,
): Promise<Set<string | undefined>> => {
  const seen = new Set<string | undefined>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const disk = aDisk(seed);
    await prepare(disk);
    seen.add(text(disk.afterPowerCut(options(seed)), path));
  }
  return seen;
};

test('what was synced, bytes and name, survives every power cut', async () => {
  const seen = await outcomes(async (disk) => {
    const file = await disk.open('a', { create: true });
    await file.write([Buffer.from('safe')], 0);
    await file.sync();
    await disk.syncDirectory('');
  }, 'a');
  assert.deepEqual(seen, new Set(['safe']));
});

test('a name that was not synced may be lost though its bytes were', async () => {
  const seen = await outcomes(async (disk) => {
    const file = await disk.open('a', { create: true });
    await file.write([Buffer.from('safe')], 0);
    await file.sync();
  }, 'a');
  assert.deepEqual(seen, new Set(['safe', undefined]));
});

test('a file in a directory whose name was not synced may be lost', async () => {
  const seen = await outcomes(async (disk) => {
    await disk.makeDirectory('d');
    await disk.open('d/a', { create: true });
    await disk.syncDirectory('d');
  }, 'd/a');
  assert.deepEqual(seen, new Set(['', undefined]));
});

test('bytes that were not synced are lost sector by sector', async () => {
  const old = 'o'.repeat(512);
  const young = 'y'.repeat(512);
  const seen = await outcomes(async (disk) => {
    const file = await disk.open('a', { create: true });
    await file.write([Buffer.from(`${old}${old}`)], 0);
    await file.sync();
    await disk.syncDirectory('');
    await file.write([Buffer.from(`${young}${young}`)], 0);
  }, 'a');
  for (const whole of [old + old, old + young, young + old, young + young]) assert.ok(seen.has(whole));
  // A write in two parts may be caught between them, even within a sector.
  for (const each of seen) for (const at of [0, 512]) assert.match(each?.slice(at, at + 512) ?? '', /^y*o*$/);
});

test('a sync covers what was written before it was called, and no more', async () => {
  const seen = await outcomes(async (disk) => {
    const file = await disk.open('a', { create: true });
    await disk.syncDirectory('');
    await Promise.all([file.sync(), file.write([Buffer.from('late')], 0)]);
  }, 'a');
  assert.ok(seen.has('') && seen.has('late'));
});

test('a durable write is safe when it returns', async () => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const disk = aDisk(seed, [], 1);
    const file = await disk.open('a', { create: true, durable: true });
    assert.equal(file.isDurable, true);
    await disk.syncDirectory('');
    await file.write([Buffer.from('safe')], 0);
    assert.equal(text(disk.afterPowerCut(options(seed)), 'a'), 'safe');
  }
});

test('a durable write fills up its block with zeros, over what stood there too', async () => {
  const disk = aDisk(1, [], 8);
  const file = await disk.open('a', { create: true, durable: true });
  await file.write([Buffer.from('sixteen letters!')], 0);
  await file.write([Buffer.from('new')], 0);
  assert.equal(text(disk, 'a'), 'new\0\0\0\0\0letters!');
});

test('after a failed sync a good one saves only what was written since', async () => {
  const seen = new Set<string | undefined>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const disk = aDisk(seed, [within({ from: 0, count: 1 }, fault('sync fails'))]);
    const file = await disk.open('a', { create: true });
    await disk.syncDirectory('');
    await file.write([Buffer.from('first')], 0);
    await assert.rejects(file.sync(), (error) => error instanceof DiskError && error.code === 'broken');
    await file.sync();
    seen.add(text(disk.afterPowerCut(options(seed)), 'a'));
  }
  assert.ok(seen.has('') && seen.has('first'));
});

test('of syncs that are under way together none is good when one fails', async () => {
  const disk = aDisk(1, [within({ from: 0, count: 1 }, fault('sync fails'))]);
  const file = await disk.open('a', { create: true });
  await file.write([Buffer.from('lost')], 0);
  const outcomes = await Promise.allSettled([file.sync(), file.sync()]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
});

test('a kill loses nothing that was answered, and leaves a power cut its prey', async () => {
  const seen = new Set<string | undefined>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const disk = aDisk(seed);
    const file = await disk.open('a', { create: true });
    await disk.syncDirectory('');
    await file.write([Buffer.from('written')], 0);
    const next = disk.afterKill(options(seed));
    assert.equal(text(next, 'a'), 'written');
    seen.add(text(next.afterPowerCut(options(seed)), 'a'));
  }
  assert.ok(seen.has('') && seen.has('written'));
});

test('what was under way at the end is done in part, wholly or not at all', async () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const disk = aDisk(seed);
    const file = await disk.open('a', { create: true });
    file.write([Buffer.from('written')], 0).catch(() => undefined);
    seen.add(text(disk.afterKill(options(seed)), 'a')?.length ?? -1);
  }
  assert.ok(seen.has(0) && seen.has(7) && seen.size > 2, [...seen].join());
});

test('a full disk takes a part of a write, or none, and says so', async () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < SEEDS; seed++) {
    const disk = aDisk(seed, [capacity(3)]);
    const file = await disk.open('a', { create: true });
    await assert.rejects(file.write([Buffer.from('four')], 0), { code: 'full' });
    seen.add(disk.inode('a').seen.length);
  }
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4]);
});

test('a closed file is not to be used', async () => {
  const file = await aDisk(1).open('a', { create: true });
  await file.close();
  await assert.rejects(file.size(), /EBADF/);
  await assert.rejects(file.close(), /EBADF/);
});
