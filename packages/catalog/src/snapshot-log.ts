import { positionOf } from '@millrace/core';
import { type LogEngine, type LogEntry, type LogRecord, logIdOf } from '@millrace/log';
import type { Snapshot } from './snapshot.ts';

export const SNAPSHOT_LOG = logIdOf('control-snapshot');

const PART_BYTES_MAX = 1024 * 1024;
/** Parts of one append; their sum stays below what an append may hold. */
const PARTS_PER_APPEND = 31;
const READ_LIMITS = { records: 64, bytes: 16 * 1024 * 1024 };

/** An entry's key says which part of which snapshot it holds: `<position>/<part>/<parts>`. */
const KEY_FORM = /^(\d+)\/(\d+)\/(\d+)$/;

const partsOf = ({ position, bytes }: Snapshot): LogEntry[] => {
  const count = Math.max(1, Math.ceil(bytes.length / PART_BYTES_MAX));
  return Array.from({ length: count }, (_, part) => ({
    key: `${position}/${part}/${count}`,
    value: bytes.subarray(part * PART_BYTES_MAX, (part + 1) * PART_BYTES_MAX),
  }));
};

/** Collects the parts of snapshots; one is whole when none is missing. */
class Gathering {
  newest: Snapshot | undefined;
  readonly #parts = new Map<string, Map<number, Uint8Array>>();

  add({ key, value }: LogRecord): void {
    const [, position = '', part = '', count = ''] = KEY_FORM.exec(key) ?? [];
    if (count === '') throw new Error(`not a snapshot's part: '${key}'`);
    const parts = this.#parts.get(position) ?? new Map<number, Uint8Array>();
    this.#parts.set(position, parts.set(Number(part), value));
    if (parts.size < Number(count)) return;
    this.#parts.delete(position);
    if (this.newest !== undefined && this.newest.position >= Number(position)) return;
    const ordered = [...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
    this.newest = { position: positionOf(Number(position)), bytes: Buffer.concat(ordered) };
  }
}

/** The newest snapshot that is there with all its parts. */
export const readNewestSnapshot = async (engine: LogEngine): Promise<Snapshot | undefined> => {
  const gathering = new Gathering();
  let from = positionOf(0);
  for (;;) {
    const { records, next } = await engine.read(SNAPSHOT_LOG, from, READ_LIMITS);
    if (records.length === 0) return gathering.newest;
    for (const record of records) gathering.add(record);
    from = next;
  }
};

/** Writes the snapshot, then frees the ones before it. */
export const writeSnapshot = async (engine: LogEngine, snapshot: Snapshot): Promise<void> => {
  const parts = partsOf(snapshot);
  const appended = [];
  for (let at = 0; at < parts.length; at += PARTS_PER_APPEND) {
    appended.push(await engine.append(SNAPSHOT_LOG, parts.slice(at, at + PARTS_PER_APPEND)));
  }
  const [first] = appended;
  if (first !== undefined) await engine.trim(SNAPSHOT_LOG, first.first);
};
