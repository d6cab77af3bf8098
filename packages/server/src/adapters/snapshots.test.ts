import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { HeldSnapshot } from '@millrace/log-embedded';
import { NoSnapshot, snapshotOfServer } from './snapshot-client.ts';
import { serveSnapshots } from './snapshot-server.ts';

let directory: string;
let server: { close(): Promise<void> };
/** What the store was told, in order. */
let told: string[];
let released: PromiseWithResolvers<void>;
let journalReleased: PromiseWithResolvers<void>;
let givenUp: AbortController;

const aSnapshot = async (): Promise<HeldSnapshot> => ({
  manifest: Buffer.from([0, 255, 10, 13]),
  journal: [{ path: 'journal/1', bytes: 77 }],
  segments: [{ path: 'logs/a/1', bytes: undefined }],
  givenUp: givenUp.signal,
  releaseJournal() {
    told.push('journal');
    journalReleased.resolve();
  },
  release() {
    told.push('release');
    released.resolve();
  },
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-snapshot-'));
  told = [];
  released = Promise.withResolvers();
  journalReleased = Promise.withResolvers();
  givenUp = new AbortController();
  server = await serveSnapshots(directory, aSnapshot);
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

test('a snapshot comes over as it is, and is held until it is released', async () => {
  const snapshot = await snapshotOfServer(directory);
  const { manifest, journal, segments } = await aSnapshot();
  assert.deepEqual(
    [Buffer.from(snapshot.manifest), snapshot.journal, snapshot.segments],
    [manifest, journal, segments],
  );
  snapshot.releaseJournal();
  await journalReleased.promise;
  assert.deepEqual(told, ['journal']);
  snapshot.release();
  await released.promise;
  assert.deepEqual(told, ['journal', 'release']);
});

test('a client that dies releases what it held', async () => {
  const socket = connect(join(directory, 'snapshot.sock'));
  await once(socket, 'data');
  socket.destroy();
  await released.promise;
});

test('a client learns why the snapshot was given up', async () => {
  const snapshot = await snapshotOfServer(directory);
  const ended = once(snapshot.givenUp, 'abort');
  givenUp.abort(new Error('the disk is full'));
  await ended;
  assert.match(String(snapshot.givenUp.reason), /gave the snapshot up: the disk is full/);
  await released.promise;
});

test('a client learns that the server has ended', async () => {
  const snapshot = await snapshotOfServer(directory);
  const ended = once(snapshot.givenUp, 'abort');
  await server.close();
  await ended;
  assert.match(String(snapshot.givenUp.reason), /it has ended/);
});

test('why there is no snapshot is told', async () => {
  await server.close();
  await assert.rejects(snapshotOfServer(directory), NoSnapshot);
  server = await serveSnapshots(directory, async () => {
    throw new Error('the store is closed');
  });
  await assert.rejects(snapshotOfServer(directory), /the store is closed/);
});

test('only so many may hold snapshots at one time', async () => {
  const held = await Promise.all([1, 2, 3, 4].map(() => snapshotOfServer(directory)));
  await assert.rejects(snapshotOfServer(directory), /enough others/);
  for (const snapshot of held) snapshot.release();
});

test("a socket that a killed server has left is in nobody's way", async () => {
  await server.close();
  server = await serveSnapshots(directory, aSnapshot);
  const second = await serveSnapshots(directory, aSnapshot);
  const snapshot = await snapshotOfServer(directory);
  snapshot.release();
  await second.close();
});
