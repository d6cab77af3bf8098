import type { StreamsRefusal } from './commands.ts';
import type { StreamsState } from './state.ts';
import type { Stream, StreamId, StreamStatus } from './stream.ts';

/** Replaces a stream that stands in one of the states; says why if it cannot. */
export const changeStream = (
  state: StreamsState,
  id: StreamId,
  from: readonly StreamStatus[],
  changed: (stream: Stream) => Stream | StreamsRefusal,
): StreamsRefusal | undefined => {
  const stream = state.get(id);
  if (stream === undefined) return { reason: 'no-such-stream' };
  if (!from.includes(stream.status)) return { reason: 'wrong-status', status: stream.status };
  const next = changed(stream);
  if ('reason' in next) return next;
  state.put(next);
  return undefined;
};

/** By key, in code unit order; a key's last value counts. */
export const sortedTags = (tags: Iterable<readonly [string, string]>): Map<string, string> =>
  new Map([...new Map(tags)].sort(([a], [b]) => (a < b ? -1 : 1)));
