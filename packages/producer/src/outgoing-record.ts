import type { UserRecord } from '@millrace/aggregation';
import type { PendingRecord } from './pending-record.ts';

/** A record as it is sent: one user record, or an aggregate of many. */
export interface OutgoingRecord {
  readonly users: readonly PendingRecord[];
  readonly record: UserRecord;
  /** Where it should fall; undefined when that is not known. */
  readonly shardId: string | undefined;
  /** Data and partition key, as the service counts. */
  readonly bytes: number;
  /** When the first of its user records is due. */
  readonly deadlineMs: number;
  /** When the first of its user records expires. */
  readonly expiresMs: number;
  /** It goes in a request of its own. */
  readonly isAlone: boolean;
}

export const outgoingRecord = (
  users: readonly PendingRecord[],
  record: UserRecord,
  shardId: string | undefined,
): OutgoingRecord => {
  let deadlineMs = Number.POSITIVE_INFINITY;
  let expiresMs = Number.POSITIVE_INFINITY;
  let isAlone = false;
  for (const user of users) {
    if (user.deadlineMs < deadlineMs) deadlineMs = user.deadlineMs;
    if (user.expiresMs < expiresMs) expiresMs = user.expiresMs;
    isAlone ||= user.isAlone;
  }
  const [first] = users;
  // Of a user record that goes as it is, the bytes are known.
  const bytes = record === first ? first.bytes : record.data.length + Buffer.byteLength(record.partitionKey);
  return { users, record, shardId, bytes, deadlineMs, expiresMs, isAlone };
};
