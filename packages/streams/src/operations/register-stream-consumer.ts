import { consumerAnswer } from '../answers/consumer.ts';
import type { KinesisOperation } from '../deps.ts';
import { consumersMaxOf } from '../limits/commitment.ts';
import { consumerNotFound } from '../model/consumer-errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';
import { checkTagTexts } from '../model/tag-rules.ts';

/** Answers once the consumer is on record as CREATING; the life cycle makes it ACTIVE. */
export const registerStreamConsumer: KinesisOperation<'RegisterStreamConsumer'> = async (
  input,
  deps,
  context,
) => {
  const { ConsumerName: name, Tags = {} } = input;
  const { catalog } = deps;
  const stream = requireStream(input, deps, context);
  const consumersMax = consumersMaxOf(stream, deps);
  const tags = Object.entries(Tags);
  checkTagTexts(tags.flat(), 'add tags to', stream);
  const command = { type: 'streams.register-consumer.v1', id: stream.id, name, consumersMax, tags } as const;
  await submit(catalog, command, stream);
  const registered = catalog.state.streams.get(stream.id)?.consumers.find((each) => each.name === name);
  // Somebody else was faster to deregister it.
  if (registered === undefined) throw consumerNotFound(name, stream);
  return { Consumer: consumerAnswer(registered) };
};
