/** A stream, as those see it who work on its shards. */
export interface StreamIdentity {
  readonly streamName: string;
  /** `account:name:creation`, seconds since the epoch; undefined where an application reads one stream. */
  readonly streamId: string | undefined;
}

/** `arn:PARTITION:kinesis:REGION:ACCOUNT:stream/NAME` */
const STREAM_ARN = /^arn:[^:]+:kinesis:[^:]*:(\d{12}):stream\/([\w.-]{1,128})$/;

/** Undefined where the text is no stream's ARN. */
export const parseStreamArn = (
  streamArn: string,
): { readonly account: string; readonly streamName: string } | undefined => {
  const [, account, streamName] = STREAM_ARN.exec(streamArn) ?? [];
  return account === undefined || streamName === undefined ? undefined : { account, streamName };
};

/** A stream that was deleted and made again is another one: its creation tells. */
export const identify = (streamArn: string, created: Date): StreamIdentity => {
  const parsed = parseStreamArn(streamArn);
  if (parsed === undefined)
    throw new Error(`the service answered an ARN that is none of a stream: ${streamArn}`);
  const { account, streamName } = parsed;
  return { streamName, streamId: `${account}:${streamName}:${Math.floor(created.getTime() / 1_000)}` };
};

/** The name within a stream's id. */
export const streamNameIn = (streamId: string): string => streamId.split(':')[1] ?? streamId;
