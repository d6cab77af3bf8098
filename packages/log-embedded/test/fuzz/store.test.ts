import assert from 'node:assert/strict';
import { positionOf } from '@millrace/core';
import { type LogEngine, LogError } from '@millrace/log';
import { snapshotOfDisk, verify } from '@millrace/log-embedded';
import fc from 'fast-check';
import { dumped, lookingAt } from '../inspected.ts';
import { fuzz } from './fuzz.ts';
import { mutated, mutations } from './mutations.ts';
import { aStore, diskWith, entriesAt, LOG, openOn } from './written.ts';

const RUNS = 300;

const FILES = await aStore();
const PATHS = [...FILES.keys()];

const spoiledFiles = fc
  .tuple(fc.nat(PATHS.length - 1), mutations)
  .map(
    ([index, ways]) =>
      new Map(
        [...FILES].map(([path, bytes]) => [path, path === PATHS[index] ? mutated(bytes, ways) : bytes]),
      ),
  );

const isRefusal = (error: unknown): undefined => {
  if (!(error instanceof LogError)) throw error;
};

/** Each position by itself: what was written there, or a refusal. */
const readAll = async (engine: LogEngine): Promise<void> => {
  if (!(await engine.logs()).includes(LOG)) return;
  const { start, end } = await engine.bounds(LOG);
  for (let position = Number(start); position < end; position++) {
    const result = await engine.read(LOG, positionOf(position), { records: 1, bytes: 1 }).catch(isRefusal);
    const [record] = result?.records ?? [];
    const [first, second] = entriesAt(position - (position % 2));
    const written = position % 2 === 0 ? first : second;
    if (record !== undefined)
      assert.deepEqual([record.key, Buffer.from(record.value)], [written?.key, written?.value]);
  }
};

fuzz(
  'a store with a spoiled file gives what was written, or refuses by name',
  spoiledFiles,
  RUNS,
  async (files) => {
    const engine = await openOn(await diskWith(files)).catch(isRefusal);
    if (engine === undefined) return;
    await readAll(engine);
    await engine.close();
  },
);

fuzz('a store with a spoiled file can be checked and shown', spoiledFiles, RUNS, async (files) => {
  const disk = lookingAt(await diskWith(files));
  const snapshot = await snapshotOfDisk(disk).catch(isRefusal);
  if (snapshot === undefined) return;
  await verify({ disk, snapshot, isAtRest: true, onFinding: () => {} });
  await dumped(disk);
});
