import { consumerAnswer } from '../answers/consumer.ts';
import type { KinesisOperation } from '../deps.ts';
import { requireConsumer } from '../model/find-consumer.ts';

export const describeStreamConsumer: KinesisOperation<'DescribeStreamConsumer'> = async (
  input,
  deps,
  context,
) => {
  const { stream, consumer } = requireConsumer(input, deps, context);
  return { ConsumerDescription: { ...consumerAnswer(consumer), StreamARN: stream.arn } };
};
