import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk, positionOf } from '@millrace/core';
import { LogError, logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { aCatalog, anEngine, anId, createStream } from '../test/a-catalog.ts';
import type { Applied, CatalogEvent } from './index.ts';
import { encodeState } from './snapshot.ts';
import type { CatalogState } from './state.ts';

const CONTROL = logIdOf('control');
const SNAPSHOTS = logIdOf('control-snapshot');
const EVERYTHING = { records: 10_000, bytes: 1e9 };

const find = (catalog: Awaited<ReturnType<typeof aCatalog>>, name: string) =>
  catalog.state.streams.find('123456789012', 'eu-west-1', name);

test('a submitted command has been applied when it resolves', async () => {
  const catalog = await aCatalog(await anEngine());
  assert.deepEqual(await catalog.submit(createStream('orders')), { applied: true });
  assert.equal(find(catalog, 'orders')?.status, 'CREATING');
  await catalog.close();
});

test('a refused command changes nothing and says why', async () => {
  const catalog = await aCatalog(await anEngine());
  await catalog.submit(createStream('orders'));
  const result = await catalog.submit(createStream('orders', { id: anId(2), shardCount: 7 }));
  assert.deepEqual(result, { applied: false, refusal: { reason: 'stream-exists' } });
  assert.equal(find(catalog, 'orders')?.shards.length, 2);
  await catalog.close();
});

test('of commands submitted at once the first one wins', async () => {
  const catalog = await aCatalog(await anEngine());
  const results = await Promise.all(
    [1, 2, 3].map((id) => catalog.submit(createStream('orders', { id: anId(id) }))),
  );
  assert.deepEqual(
    results.map(({ applied }) => applied),
    [true, false, false],
  );
  assert.equal(find(catalog, 'orders')?.id, anId(1));
  await catalog.close();
});

test('the time of a change is the time at which the log took the command in', async () => {
  const clock = new ManualClock();
  const catalog = await aCatalog(await anEngine({ clock }));
  await catalog.submit(createStream('orders'));
  assert.equal(find(catalog, 'orders')?.createdAtMs, clock.now());
  await catalog.close();
});

test('reopening gives the same state', async () => {
  const disk = new MemoryDisk();
  const engine = await anEngine({ disk });
  const first = await aCatalog(engine);
  await first.submit(createStream('orders'));
  await first.submit({ type: 'streams.activate.v1', id: anId(1) });
  await first.close();
  await engine.close();
  const second = await aCatalog(await anEngine({ disk }));
  assert.deepEqual(find(second, 'orders'), find(first, 'orders'));
  assert.deepEqual(second.state.secrets.tokenKey, first.state.secrets.tokenKey);
  await second.close();
});

test('the token key is made on the first start and kept', async () => {
  const engine = await anEngine();
  const first = await aCatalog(engine);
  const key = first.state.secrets.tokenKey;
  assert.equal(key?.length, 32);
  await first.close();
  const second = await aCatalog(engine, { random: { bytes: () => new Uint8Array(32), uuid: () => 'other' } });
  assert.deepEqual(second.state.secrets.tokenKey, key);
  await second.close();
});

test('two catalogs over one log end in the same state', async () => {
  const engine = await anEngine();
  const random = { bytes: (count: number) => new Uint8Array(count), uuid: () => 'another' };
  const [one, other] = [await aCatalog(engine), await aCatalog(engine, { random })];
  await Promise.all([one.submit(createStream('a')), other.submit(createStream('b', { id: anId(2) }))]);
  await Promise.all([one.upToDate(), other.upToDate()]);
  assert.deepEqual(encodeState(one.state as CatalogState), encodeState(other.state as CatalogState));
  assert.equal([...one.state.streams.all()].length, 2);
  await Promise.all([one.close(), other.close()]);
});

test('listeners hear of every change in order, and of no refusal', async () => {
  const catalog = await aCatalog(await anEngine());
  const heard: Applied[] = [];
  const stop = catalog.onApplied((applied) => heard.push(applied));
  await catalog.submit(createStream('orders'));
  await catalog.submit(createStream('orders'));
  await catalog.submit({ type: 'streams.activate.v1', id: anId(1) });
  stop();
  await catalog.submit({ type: 'streams.mark-deleting.v1', id: anId(1) });
  assert.deepEqual(
    heard.map(({ command }) => command.type),
    ['streams.create.v1', 'streams.activate.v1'],
  );
  await catalog.close();
});

const snapshotsWritten = (events: CatalogEvent[]) =>
  events.filter(({ type }) => type === 'snapshot-written').length;

test('a snapshot cuts the control log, and a start goes on from it', async () => {
  const engine = await anEngine();
  const events: CatalogEvent[] = [];
  const first = await aCatalog(engine, { snapshotCommands: 5, onEvent: (event) => events.push(event) });
  for (let number = 1; number <= 12; number++) {
    await first.submit(createStream(`s${number}`, { id: anId(number) }));
  }
  await first.close();
  assert.equal(snapshotsWritten(events), 2);
  assert.equal((await engine.bounds(CONTROL)).start, 10);
  const { start, end } = await engine.bounds(SNAPSHOTS);
  assert.equal(end - start, 1);

  const second = await aCatalog(engine, { onEvent: (event) => events.push(event) });
  assert.deepEqual(events.at(-1), {
    type: 'catalog-opened',
    snapshotPosition: positionOf(10),
    commandsReplayed: 3,
  });
  assert.deepEqual(encodeState(second.state as CatalogState), encodeState(first.state as CatalogState));
  await second.close();
});

test('a snapshot of several parts is put together again; one without all its parts is passed over', async () => {
  const engine = await anEngine();
  const first = await aCatalog(engine, { snapshotCommands: 2 });
  const tags = Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v'.repeat(20_000)] as const);
  await first.submit(createStream('a', { tags }));
  await first.submit(createStream('b', { id: anId(2), tags }));
  await first.submit(createStream('c', { id: anId(3), tags }));
  await first.close();
  const { records } = await engine.read(SNAPSHOTS, positionOf(0), EVERYTHING);
  assert.ok(records.length > 1, `${records.length} parts`);
  await engine.append(SNAPSHOTS, [{ key: '9/0/2', value: Buffer.from('{') }]);
  const second = await aCatalog(engine);
  assert.deepEqual(encodeState(second.state as CatalogState), encodeState(first.state as CatalogState));
  await second.close();
});

test('a snapshot that cannot be written leaves the control log whole', async () => {
  const engine = await anEngine();
  const append = engine.append.bind(engine);
  engine.append = async (log, entries) => {
    if (log === SNAPSHOTS) throw new LogError('full', 'no space');
    return append(log, entries);
  };
  const events: CatalogEvent[] = [];
  const catalog = await aCatalog(engine, { snapshotCommands: 2, onEvent: (event) => events.push(event) });
  await catalog.submit(createStream('a'));
  await catalog.submit(createStream('b', { id: anId(2) }));
  await catalog.close();
  assert.ok(events.some(({ type }) => type === 'snapshot-failed'));
  assert.equal((await engine.bounds(CONTROL)).start, 0);
});

test('a start refuses a command it does not know', async () => {
  const engine = await anEngine();
  await (await aCatalog(engine)).close();
  const value = Buffer.from(JSON.stringify({ id: 'x', command: { type: 'streams.create.v2' } }));
  await engine.append(CONTROL, [{ key: '', value }]);
  await assert.rejects(aCatalog(engine), {
    code: 'unknown-command',
    message:
      "The control log holds the command 'streams.create.v2' at position 1, which this program does not know. It was written by a newer one: start that.",
  });
});

test('a start refuses a snapshot of another version', async () => {
  const engine = await anEngine();
  await (await aCatalog(engine)).close();
  await engine.append(SNAPSHOTS, [{ key: '1/0/1', value: Buffer.from('{"version":2}') }]);
  await assert.rejects(aCatalog(engine), { code: 'unknown-snapshot' });
});

test('a start refuses a control log whose beginning is gone without a snapshot', async () => {
  const engine = await anEngine();
  await (await aCatalog(engine)).close();
  await engine.append(CONTROL, [{ key: '', value: Buffer.from('{}') }]);
  await engine.trim(CONTROL, positionOf(1));
  await assert.rejects(aCatalog(engine), { code: 'gap' });
});

test('an unknown command from another process ends the catalog and all who wait', async () => {
  const engine = await anEngine();
  const { promise: failed, resolve } = Promise.withResolvers<CatalogEvent>();
  const catalog = await aCatalog(engine, {
    onEvent: (event) => event.type === 'catalog-failed' && resolve(event),
  });
  await engine.append(CONTROL, [{ key: '', value: Buffer.from('{"command":{"type":"new"}}') }]);
  await failed;
  await assert.rejects(catalog.submit(createStream('orders')), { code: 'failed' });
  await catalog.close();
});

test('a command that cannot be appended is rejected with the reason of the log', async () => {
  const engine = await anEngine();
  const catalog = await aCatalog(engine);
  engine.append = () => Promise.reject(new LogError('full', 'no space'));
  await assert.rejects(catalog.submit(createStream('orders')), { name: 'LogError', code: 'full' });
  await catalog.close();
});

test('a command that is not applied in time is rejected', async () => {
  const engine = await anEngine();
  const clock = new ManualClock();
  const catalog = await aCatalog(engine, { clock });
  engine.append = async () => ({ first: positionOf(1), arrivalMs: 0 });
  const submitted = catalog.submit(createStream('orders'));
  clock.advance(30_000);
  await assert.rejects(submitted, { code: 'timeout' });
  await catalog.close();
});

test('a command above a mebibyte is refused before it is appended', async () => {
  const engine = await anEngine();
  const catalog = await aCatalog(engine);
  const { end } = await engine.bounds(CONTROL);
  const tags = [['k', 'v'.repeat(1024 * 1024)]] as const;
  await assert.rejects(catalog.submit(createStream('orders', { tags })), { code: 'too-large' });
  assert.equal((await engine.bounds(CONTROL)).end, end);
  await catalog.close();
});

test('a closed catalog takes no command', async () => {
  const catalog = await aCatalog(await anEngine());
  await catalog.close();
  await assert.rejects(catalog.submit(createStream('orders')), { code: 'closed' });
});
