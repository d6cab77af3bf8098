import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { type LogEngine, LogError, logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { openEmbeddedLog } from '@millrace/log-embedded';
import type { Change, RecordCodec, RecordId } from './change.ts';
import { Compactor } from './compactor.ts';
import { RecordLog } from './record-log.ts';

const LOG = logIdOf('records');
const codec: RecordCodec<string> = { store: (text) => text, restore: (stored) => String(stored) };

const id = (name: string) => name as RecordId;
const put = (name: string, record: string): Change<string> => ({ id: id(name), record });
const remove = (name: string): Change<string> => ({ id: id(name), record: undefined });

const anEngine = (disk = new MemoryDisk()) =>
  openEmbeddedLog({ disk, clock: new ManualClock(), durability: 'flush' });

const aLog = async (engine: LogEngine) => {
  const changes: Change<string>[] = [];
  const records = new RecordLog({ engine, log: LOG, codec, onChange: (change) => changes.push(change) });
  const found = Object.fromEntries(await records.open());
  return { records, changes, found };
};

/** Lets appends through one at a time, or fails them. */
const gated = (engine: LogEngine) => {
  const waiting: { pass: () => void; fail: (error: Error) => void }[] = [];
  const groups: number[] = [];
  const append: LogEngine['append'] = async (log, entries, options) => {
    groups.push(entries.length);
    await new Promise<void>((pass, fail) => waiting.push({ pass, fail }));
    return engine.append(log, entries, options);
  };
  const next = async () => {
    while (waiting.length === 0) await new Promise(setImmediate);
    return waiting.shift() as (typeof waiting)[number];
  };
  const gate = new Proxy(engine, {
    get: (target, key) => (key === 'append' ? append : Reflect.get(target, key).bind(target)),
  });
  return { engine: gate, groups, next };
};

test('a write is seen by the next decision at once, and by readers when it is durable', async () => {
  const { engine, next } = gated(await anEngine());
  const { records } = await aLog(engine);
  const written = records.write([put('a', '1')]);
  assert.deepEqual([records.newest(id('a')), records.get(id('a'))], ['1', undefined]);
  (await next()).pass();
  await written;
  assert.equal(records.get(id('a')), '1');
});

test('what arrives while a group is being appended makes up the next one', async () => {
  const { engine, next, groups } = gated(await anEngine());
  const { records } = await aLog(engine);
  const writes = ['1', '2', '3', '4'].map((text) => records.write([put('a', text)]));
  (await next()).pass();
  (await next()).pass();
  await Promise.all(writes);
  assert.deepEqual(groups, [1, 3]);
  assert.equal(records.get(id('a')), '4');
});

test('a group that fails takes with it all that was decided on after it', async () => {
  const { engine, next } = gated(await anEngine());
  const { records } = await aLog(engine);
  const first = records.write([put('a', '0')]);
  (await next()).pass();
  await first;
  const writes = [records.write([put('a', '1')]), records.write([put('b', 'because a is 1')])];
  const settled = records.settled();
  (await next()).fail(new LogError('full', 'no space'));
  for (const write of [...writes, settled]) await assert.rejects(write, { code: 'full' });
  assert.deepEqual([records.newest(id('a')), records.newest(id('b'))], ['0', undefined]);
  const again = records.write([put('b', '2')]);
  (await next()).pass();
  await again;
  assert.deepEqual([records.get(id('a')), records.get(id('b'))], ['0', '2']);
});

test('after an append of unknown fate nothing is written any more', async () => {
  const { engine, next } = gated(await anEngine());
  const { records } = await aLog(engine);
  const write = records.write([put('a', '1')]);
  (await next()).fail(new LogError('failed', 'the disk broke'));
  await assert.rejects(write, { code: 'failed' });
  await assert.rejects(records.write([put('a', '2')]), { code: 'failed' });
});

test('who tells of what it saw waits until that is durable', async () => {
  const { engine, next } = gated(await anEngine());
  const { records } = await aLog(engine);
  const write = records.write([put('a', '1')]);
  let isSettled = false;
  const settled = records.settled().then(() => {
    isSettled = true;
  });
  await new Promise(setImmediate);
  assert.equal(isSettled, false);
  (await next()).pass();
  await Promise.all([write, settled]);
  await records.settled();
});

test('a restart finds what was written, in its last state', async () => {
  const disk = new MemoryDisk();
  const engine = await anEngine(disk);
  const { records } = await aLog(engine);
  await records.write([put('a', '1'), put('b', '1')]);
  await records.write([put('a', '2'), remove('b')]);
  await engine.close();
  assert.deepEqual((await aLog(await anEngine(disk))).found, { a: '2' });
});

test('a write of a newer program stops the start', async () => {
  const engine = await anEngine();
  await aLog(engine);
  await engine.append(LOG, [{ key: '', value: Buffer.from('{"v":2,"changes":[]}') }]);
  await assert.rejects(aLog(engine), /write of version 2.*newer one/);
});

test('a write that comes at any moment around the end of another one is appended', async () => {
  const { records } = await aLog(await anEngine());
  for (let turns = 0; turns < 30; turns++) {
    const first = records.write([put('a', '1')]);
    await first;
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await records.write([put('a', '2')]);
    await records.write([put('a', '3')]).then(() => records.write([put('a', '4')]));
  }
  assert.equal(records.get(id('a')), '4');
});

test('too many writes that wait are refused', async () => {
  const { engine } = gated(await anEngine());
  const { records } = await aLog(engine);
  let refused = 0;
  const writeOne = () =>
    records.write([put('a', '1')]).catch((error: LogError) => {
      assert.equal(error.code, 'overloaded');
      refused += 1;
    });
  for (let count = 0; count < 10_100; count++) void writeOne();
  await new Promise(setImmediate);
  assert.equal(refused, 99);
});

test('a closed log refuses writes and completes those it took', async () => {
  const { records } = await aLog(await anEngine());
  const write = records.write([put('a', '1')]);
  await records.close();
  await write;
  await assert.rejects(records.write([put('a', '2')]), { code: 'closed' });
});

/** Writes rounds of updates with compaction on, reading back whenever asked. */
const churn = async (rounds: number, disk = new MemoryDisk()) => {
  const engine = await anEngine(disk);
  const { records } = await aLog(engine);
  const failures: unknown[] = [];
  const compactor = new Compactor({ records, onFailed: (error) => failures.push(error) });
  const pad = 'x'.repeat(20_000);
  let logBytesMax = 0;
  for (let round = 0; round < rounds; round++) {
    const names = Array.from({ length: 20 }, (_, index) => `hot${index}`);
    await Promise.all(names.map((name) => records.write([put(name, `${round} ${pad}`)])));
    if (round % 10 === 0) await records.write([put(`cold${round}`, String(round))]);
    if (round % 10 === 5) await records.write([remove(`cold${round - 5}`)]);
    compactor.look();
    logBytesMax = Math.max(logBytesMax, records.logBytes);
  }
  await compactor.close();
  await engine.close();
  return { disk, failures, logBytesMax };
};

test('the log does not grow with history, and loses nothing', async () => {
  const { disk, failures, logBytesMax } = await churn(200);
  assert.deepEqual(failures, []);
  // 80 MB were written, of which 0.4 MB are alive.
  assert.ok(logBytesMax < 12 * 1024 * 1024, String(logBytesMax));
  const engine = await anEngine(disk);
  assert.ok((await engine.bounds(LOG)).start > 3_000);
  const { found } = await aLog(engine);
  assert.deepEqual(Object.keys(found).sort(), Array.from({ length: 20 }, (_, index) => `hot${index}`).sort());
  assert.ok(Object.values(found).every((text) => text.startsWith('199 ')));
});

test('a record that is only written once outlives any number of writes to others', async () => {
  const disk = new MemoryDisk();
  const engine = await anEngine(disk);
  const { records } = await aLog(engine);
  await records.write([put('once', 'kept')]);
  await engine.close();
  await churn(150, disk);
  const { found } = await aLog(await anEngine(disk));
  assert.equal(found.once, 'kept');
});

test('a record that is being written is not written again in an older state', async () => {
  const { engine, next } = gated(await anEngine());
  const { records } = await aLog(engine);
  const first = records.write([put('a', '1'), put('b', '1')]);
  (await next()).pass();
  await first;
  const second = records.write([put('a', '2')]);
  assert.deepEqual(records.oldest(1_000_000), [put('b', '1')]);
  (await next()).pass();
  await second;
});
