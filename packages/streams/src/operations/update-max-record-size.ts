import type { KinesisOperation } from '../deps.ts';
import { requireStream } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';

/** Holds for the next record on; those that are in the stream stay readable. */
export const updateMaxRecordSize: KinesisOperation<'UpdateMaxRecordSize'> = async (input, deps, context) => {
  const stream = requireStream(input, deps, context);
  const maxRecordBytes = input.MaxRecordSizeInKiB * 1024;
  await submit(deps.catalog, { type: 'streams.set-record-size.v1', id: stream.id, maxRecordBytes }, stream);
};
