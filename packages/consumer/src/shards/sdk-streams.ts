import { DescribeStreamSummaryCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { identify, type StreamIdentity } from './stream-id.ts';
import type { StreamRef } from './stream-options.ts';

/** A stream, as the AWS SDK wants to hear of it. */
export type SdkStream = { readonly StreamName: string } | { readonly StreamARN: string };

export const sdkStream = ({ streamName, streamArn }: StreamRef): SdkStream =>
  streamName === undefined ? { StreamARN: streamArn } : { StreamName: streamName };

/** Which stream it is that has a name now. */
export const describeStream = async (
  client: KinesisClient,
  stream: StreamRef,
  abortSignal: AbortSignal,
): Promise<StreamIdentity> => {
  const command = new DescribeStreamSummaryCommand(sdkStream(stream));
  const { StreamDescriptionSummary } = await client.send(command, { abortSignal });
  const { StreamARN, StreamCreationTimestamp } = StreamDescriptionSummary ?? {};
  if (StreamARN === undefined || StreamCreationTimestamp === undefined) {
    throw new Error('the service described a stream without its ARN or its creation');
  }
  return identify(StreamARN, StreamCreationTimestamp);
};
