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

const least = (users: readonly PendingRecord[], key: 'deadlineMs' | 'expiresMs'): number => {
  let value = Number.POSITIVE_INFINITY;
  for (const user of users) value = Math.min(value, user[key]);
  return value;
};

export const outgoingRecord = (
  users: readonly PendingRecord[],
  record: UserRecord,
  shardId: string | undefined,
): OutgoingRecord => ({
  users,
  record,
  shardId,
  bytes: record.data.length + Buffer.byteLength(record.partitionKey),
  deadlineMs: least(users, 'deadlineMs'),
  expiresMs: least(users, 'expiresMs'),
  isAlone: users.some(({ isAlone }) => isAlone),
});
