import type { Catalog, Stream } from '@millrace/catalog';
import { retentionTooLong, retentionTooShort } from './errors.ts';
import { submit } from './refusals.ts';
import { RETENTION_HOURS_MAX, RETENTION_HOURS_MIN } from './retention.ts';

/** A period that the stream has already is fine: Terraform sets it right after making the stream. */
export const changeRetention = async (
  catalog: Catalog,
  stream: Stream,
  direction: 'increase' | 'decrease',
  retentionHours: number,
): Promise<void> => {
  if (retentionHours < RETENTION_HOURS_MIN) throw retentionTooShort(retentionHours);
  if (retentionHours > RETENTION_HOURS_MAX) throw retentionTooLong(retentionHours);
  const command = { type: 'streams.set-retention.v1', id: stream.id, direction, retentionHours } as const;
  await submit(catalog, command, stream);
};
