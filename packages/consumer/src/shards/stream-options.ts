import { ConsumerError } from '../errors.ts';
import type { InitialPosition } from './shard.ts';
import { parseStreamArn } from './stream-id.ts';

/** A stream by its name, in the client's own account and region, or by its ARN. */
export type StreamRef =
  | { readonly streamName: string; readonly streamArn?: undefined }
  | { readonly streamArn: string; readonly streamName?: undefined };

/** One of the streams that an application reads. */
export type StreamOptions = StreamRef & {
  /** Where its shards begin that the application never read; that of the consumer unless given. */
  readonly initialPosition?: InitialPosition | undefined;
};

/** Streams, or who tells them from time to time: they may join and leave while the application runs. */
export type StreamList =
  | readonly StreamOptions[]
  | (() => readonly StreamOptions[] | Promise<readonly StreamOptions[]>);

/** Each costs a call at every look at the list, and DescribeStreamSummary allows 20 a second for an account. */
const STREAMS_MAX = 1_000;

const STREAM_NAME = /^[\w.-]{1,128}$/;

const invalid = (message: string): never => {
  throw new ConsumerError('InvalidSettings', message);
};

export const checkedPosition = (position: InitialPosition): InitialPosition => {
  const isDate = position instanceof Date && !Number.isNaN(position.getTime());
  if (isDate || position === 'TRIM_HORIZON' || position === 'LATEST') return position;
  return invalid('initialPosition must be TRIM_HORIZON, LATEST or a valid Date');
};

/** Of what may be any value, since a list may come from anywhere. */
export const checkedRef = ({
  streamName,
  streamArn,
}: Partial<Record<keyof StreamRef, unknown>>): StreamRef => {
  if (typeof streamName === 'string' && streamArn === undefined) {
    return STREAM_NAME.test(streamName) ? { streamName } : invalid(`${streamName} is no name of a stream`);
  }
  if (typeof streamArn === 'string' && streamName === undefined) {
    return parseStreamArn(streamArn) ? { streamArn } : invalid(`${streamArn} is no ARN of a stream`);
  }
  return invalid('a stream is given by either its streamName or its streamArn');
};

const checkedStream = ({ initialPosition, ...ref }: StreamOptions): StreamOptions => ({
  ...checkedRef(ref),
  initialPosition: initialPosition && checkedPosition(initialPosition),
});

export const checkedStreams = (streams: readonly StreamOptions[]): readonly StreamOptions[] => {
  if (!Array.isArray(streams)) return invalid('streams must be a list, or a function that answers one');
  if (streams.length > STREAMS_MAX) invalid(`streams must be ${STREAMS_MAX} at the most`);
  return streams.map(checkedStream);
};

/** What it was asked for by. */
export const refText = ({ streamName, streamArn }: StreamRef): string => streamName ?? streamArn;

export const refName = ({ streamName, streamArn }: StreamRef): string =>
  streamName ?? parseStreamArn(streamArn)?.streamName ?? streamArn;
