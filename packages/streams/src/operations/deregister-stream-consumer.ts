import type { KinesisOperation } from '../deps.ts';
import { requireConsumer } from '../model/find-consumer.ts';
import { submit } from '../model/refusals.ts';

/** Answers once the consumer is on record as DELETING, which ends what it reads; the life cycle forgets it. */
export const deregisterStreamConsumer: KinesisOperation<'DeregisterStreamConsumer'> = async (
  input,
  deps,
  context,
) => {
  const { stream, consumer } = requireConsumer(input, deps, context);
  if (consumer.status === 'DELETING') return;
  const command = { type: 'streams.mark-consumer-deleting.v1', id: stream.id, arn: consumer.arn } as const;
  await submit(deps.catalog, command, stream);
};
