import type { Brand } from '@millrace/core';

export type RecordId = Brand<string, 'RecordId'>;

/** A record in the place of the one with this id, or nothing. */
export interface Change<Record> {
  readonly id: RecordId;
  readonly record: Record | undefined;
}

/** A record as JSON can say it, and back. */
export interface RecordCodec<Record> {
  readonly store: (record: Record) => unknown;
  readonly restore: (stored: unknown) => Record;
}
