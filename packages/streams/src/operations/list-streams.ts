import { streamSummary } from '../answers/stream.ts';
import type { KinesisOperation } from '../deps.ts';
import { PageTokens } from '../model/page-token.ts';

/** Default and cap of Limit (API model). */
const STREAMS_MAX = 100;

const pageTokens = new PageTokens<{ readonly after: string }>('list-streams');

/** By name. A NextToken wins over ExclusiveStartStreamName: paginators repeat their first request's members. */
export const listStreams: KinesisOperation<'ListStreams'> = async (input, deps, { account, region }) => {
  const { ExclusiveStartStreamName, NextToken, Limit = STREAMS_MAX } = input;
  const after = NextToken === undefined ? ExclusiveStartStreamName : pageTokens.read(NextToken, deps).after;
  const count = Math.min(Limit, STREAMS_MAX);
  const streams = deps.catalog.state.streams.list(account, region, { after, count: count + 1 });
  const page = streams.slice(0, count);
  const last = page.at(-1);
  const hasMore = streams.length > count;
  return {
    StreamNames: page.map(({ name }) => name),
    HasMoreStreams: hasMore,
    NextToken: hasMore && last ? pageTokens.issue({ after: last.name }, deps) : undefined,
    StreamSummaries: page.map(streamSummary),
  };
};
