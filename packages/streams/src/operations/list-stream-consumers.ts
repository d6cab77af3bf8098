import type { ListStreamConsumersInput } from '@millrace/aws-model/kinesis';
import type { Stream, StreamId } from '@millrace/catalog';
import { consumerAnswer } from '../answers/consumer.ts';
import type { KinesisOperation, StreamsDeps } from '../deps.ts';
import { wasCreatedAt } from '../model/creation-time.ts';
import { invalidArgument, invalidPageToken, streamNotFound } from '../model/errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { PageTokens } from '../model/page-token.ts';

/** Default and cap of MaxResults (API model). */
const CONSUMERS_MAX = 100;

interface Place {
  readonly streamId: StreamId;
  readonly after: string;
}

const pageTokens = new PageTokens<Place>('list-stream-consumers');

/** The name after which the page starts. A token is for the stream it was given for, not for a later one of its name. */
const placeOf = (input: ListStreamConsumersInput, stream: Stream, deps: StreamsDeps): string => {
  const { NextToken, StreamCreationTimestamp } = input;
  if (NextToken === undefined) {
    if (StreamCreationTimestamp === undefined || wasCreatedAt(stream, StreamCreationTimestamp)) return '';
    throw streamNotFound(stream);
  }
  if (StreamCreationTimestamp !== undefined) {
    throw invalidArgument('NextToken and StreamCreationTimestamp cannot be provided together.');
  }
  const { streamId, after } = pageTokens.read(NextToken, deps);
  if (streamId !== stream.id) throw invalidPageToken();
  return after;
};

/** By name. */
export const listStreamConsumers: KinesisOperation<'ListStreamConsumers'> = async (input, deps, context) => {
  const { MaxResults = CONSUMERS_MAX } = input;
  const stream = requireStream(input, deps, context);
  const after = placeOf(input, stream, deps);
  const consumers = stream.consumers.filter(({ name }) => name > after);
  const page = consumers.slice(0, Math.min(MaxResults, CONSUMERS_MAX));
  const last = page.at(-1);
  const hasMore = page.length < consumers.length;
  return {
    Consumers: page.map(consumerAnswer),
    NextToken:
      hasMore && last ? pageTokens.issue({ streamId: stream.id, after: last.name }, deps) : undefined,
  };
};
