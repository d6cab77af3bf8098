import {
  DescribeStreamConsumerCommand,
  type DescribeStreamConsumerCommandInput,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { isNotFound, isResourceInUse } from '../errors.ts';
import type { SdkStream } from '../shards/sdk-streams.ts';
import type { StreamConsumerState } from './transport.ts';

const stateOf = (
  found: { ConsumerARN?: string | undefined; ConsumerStatus?: string | undefined } = {},
): StreamConsumerState => {
  const { ConsumerARN: consumerArn, ConsumerStatus: status = '' } = found;
  if (consumerArn === undefined) throw new Error('the service answered a consumer without an ARN');
  return { consumerArn, status };
};

export const describedConsumer = async (
  client: KinesisClient,
  which: Omit<DescribeStreamConsumerCommandInput, 'StreamId'>,
  abortSignal: AbortSignal,
): Promise<StreamConsumerState> => {
  const answer = await client.send(new DescribeStreamConsumerCommand(which), { abortSignal });
  return stateOf(answer.ConsumerDescription);
};

const streamArn = async (
  client: KinesisClient,
  stream: SdkStream,
  abortSignal: AbortSignal,
): Promise<string> => {
  if ('StreamARN' in stream) return stream.StreamARN;
  const answer = await client.send(new DescribeStreamSummaryCommand(stream), { abortSignal });
  const StreamARN = answer.StreamDescriptionSummary?.StreamARN;
  if (StreamARN === undefined) throw new Error(`no ARN for ${stream.StreamName}`);
  return StreamARN;
};

/** Who is there already is left as it is; of several workers that register at a time one comes first. */
export const registeredConsumer = async (
  client: KinesisClient,
  stream: SdkStream,
  ConsumerName: string,
  abortSignal: AbortSignal,
): Promise<StreamConsumerState> => {
  const StreamARN = await streamArn(client, stream, abortSignal);
  const which = { StreamARN, ConsumerName };
  try {
    return await describedConsumer(client, which, abortSignal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  try {
    const answer = await client.send(new RegisterStreamConsumerCommand(which), { abortSignal });
    return stateOf(answer.Consumer);
  } catch (error) {
    if (!isResourceInUse(error)) throw error;
    return describedConsumer(client, which, abortSignal);
  }
};
