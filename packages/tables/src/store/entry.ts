import type { Change, RecordCodec, RecordId } from './change.ts';

/**
 * One write as it stands in the log, JSON: `{"v":1,"changes":[[id, record], [id], …]}`. With a record it is put in the
 * place of what had the id before; without one nothing has the id any more. All of a write or nothing of it is there.
 */
const VERSION = 1;

type StoredChange = readonly [id: string, record?: unknown];

export const encodeWrite = <Record>(
  changes: readonly Change<Record>[],
  codec: RecordCodec<Record>,
): Uint8Array => {
  const stored = changes.map(
    ({ id, record }): StoredChange => (record === undefined ? [id] : [id, codec.store(record)]),
  );
  return Buffer.from(JSON.stringify({ v: VERSION, changes: stored }));
};

export const decodeWrite = <Record>(value: Uint8Array, codec: RecordCodec<Record>): Change<Record>[] => {
  const { v: version, changes } = JSON.parse(Buffer.from(value).toString()) as {
    v: number;
    changes: readonly StoredChange[];
  };
  if (version !== VERSION) {
    throw new Error(
      `The log of tables holds a write of version ${version}, which this program does not know. It was written by a newer one: start that.`,
    );
  }
  return changes.map(([id, stored]) => ({
    id: id as RecordId,
    record: stored === undefined ? undefined : codec.restore(stored),
  }));
};
