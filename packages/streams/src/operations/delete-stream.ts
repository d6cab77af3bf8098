import type { KinesisOperation } from '../deps.ts';
import { requireStream } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';

/** Answers once the stream is on record as DELETING; the life cycle removes its logs, then the stream. */
export const deleteStream: KinesisOperation<'DeleteStream'> = async (input, deps, context) => {
  const stream = requireStream(input, deps, context);
  const unlessConsumed = input.EnforceConsumerDeletion !== true;
  await submit(deps.catalog, { type: 'streams.mark-deleting.v1', id: stream.id, unlessConsumed }, stream);
};
