import { type Position, positionOf } from '@millrace/core';
import { type LogEngine, logIdOf } from '@millrace/log';
import type { MetricStore, StoredSeries } from './metric-store.ts';

export const METRIC_LOG = logIdOf('metrics');

/** Series are written in blocks of about this size, so that nobody waits long for one. */
const BLOCK_BYTES = 256 * 1024;
const READ_LIMITS = { records: 64, bytes: 4 * 1024 * 1024 };
/** Stands before the number of blocks, in the entry that ends a copy. */
const END = 'end';

function* blocksOf(store: MetricStore): Generator<Uint8Array> {
  let lines: string[] = [];
  let bytes = 0;
  for (const series of store.snapshots()) {
    const line = JSON.stringify(series);
    lines.push(line);
    bytes += line.length;
    if (bytes < BLOCK_BYTES) continue;
    yield Buffer.from(lines.join('\n'));
    lines = [];
    bytes = 0;
  }
  if (lines.length > 0) yield Buffer.from(lines.join('\n'));
}

/** Writes a copy of the store block by block, then lets go of the copies before it. */
export const writeMetrics = async (engine: LogEngine, store: MetricStore): Promise<void> => {
  let first: Position | undefined;
  let count = 0;
  for (const value of blocksOf(store)) {
    const appended = await engine.append(METRIC_LOG, [{ key: String(count), value }]);
    first ??= appended.first;
    count += 1;
  }
  const end = await engine.append(METRIC_LOG, [{ key: `${END}${count}`, value: new Uint8Array(0) }]);
  await engine.trim(METRIC_LOG, first ?? end.first);
};

/** The blocks of the newest copy that is whole: what a crash cut short has no end. */
const newestBlocks = async (engine: LogEngine): Promise<readonly Uint8Array[]> => {
  let newest: readonly Uint8Array[] = [];
  let blocks: Uint8Array[] = [];
  let from = positionOf(0);
  for (;;) {
    const { records, next } = await engine.read(METRIC_LOG, from, READ_LIMITS);
    if (records.length === 0) return newest;
    for (const { key, value } of records) {
      if (key === '0') blocks = [];
      if (!key.startsWith(END)) blocks.push(value);
      else if (key === `${END}${blocks.length}`) newest = blocks;
      if (key.startsWith(END)) blocks = [];
    }
    from = next;
  }
};

/** Fills the store with what was written last. */
export const readMetrics = async (engine: LogEngine, store: MetricStore): Promise<void> => {
  await engine.create(METRIC_LOG);
  for (const block of await newestBlocks(engine)) {
    for (const line of Buffer.from(block).toString().split('\n')) {
      store.restore(JSON.parse(line) as StoredSeries);
    }
  }
  store.trim();
};
