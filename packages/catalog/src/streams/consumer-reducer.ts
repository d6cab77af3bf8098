import type { Reducers } from '../command.ts';
import { lowerBound } from '../lower-bound.ts';
import { changeStream, sortedTags } from './change-stream.ts';
import type { StreamsRefusal } from './commands.ts';
import type { Consumer, ConsumerStatus } from './consumer.ts';
import type { ConsumerCommand } from './consumer-commands.ts';
import type { StreamsState } from './state.ts';
import { type Stream, type StreamStatus, TAGS_MAX } from './stream.ts';

/** Consumers of a stream that may be CREATING at a time (API model). */
const CREATING_MAX = 5;

/** Reading goes on while a stream is resharded. */
const IN_USE: readonly StreamStatus[] = ['ACTIVE', 'UPDATING'];

/** The consumer in the place of the one with its name, or where its name belongs. */
const withConsumer = (stream: Stream, consumer: Consumer): Stream => {
  const names = stream.consumers.map(({ name }) => name);
  const at = lowerBound(names, consumer.name);
  const isThere = names[at] === consumer.name;
  return { ...stream, consumers: stream.consumers.toSpliced(at, isThere ? 1 : 0, consumer) };
};

/** Replaces a consumer that stands in one of the states. */
export const changeConsumer = (
  stream: Stream,
  arn: string,
  from: readonly ConsumerStatus[],
  changed: (consumer: Consumer) => Consumer | StreamsRefusal,
): Stream | StreamsRefusal => {
  const consumer = stream.consumers.find((each) => each.arn === arn);
  if (consumer === undefined) return { reason: 'no-such-consumer', arn };
  const { status } = consumer;
  if (!from.includes(status)) return { reason: 'wrong-consumer-status', arn, status };
  const next = changed(consumer);
  return 'reason' in next ? next : withConsumer(stream, next);
};

export const consumerReducers: Reducers<StreamsState, ConsumerCommand, StreamsRefusal> = {
  'streams.register-consumer.v1': (state, { id, name, consumersMax, tags }, createdAtMs) =>
    changeStream(state, id, IN_USE, (stream) => {
      const { consumers } = stream;
      if (consumers.some((each) => each.name === name)) return { reason: 'consumer-exists', name };
      if (consumers.length >= consumersMax) return { reason: 'too-many-consumers', consumersMax };
      if (consumers.filter(({ status }) => status === 'CREATING').length >= CREATING_MAX) {
        return { reason: 'too-many-creating', creatingMax: CREATING_MAX };
      }
      if (tags.length > TAGS_MAX) return { reason: 'too-many-tags' };
      const arn = `${stream.arn}/consumer/${name}:${Math.floor(createdAtMs / 1000)}`;
      return withConsumer(stream, { name, arn, status: 'CREATING', createdAtMs, tags: sortedTags(tags) });
    }),

  'streams.activate-consumer.v1': (state, { id, arn }) =>
    changeStream(state, id, IN_USE, (stream) =>
      changeConsumer(stream, arn, ['CREATING'], (consumer) => ({ ...consumer, status: 'ACTIVE' })),
    ),

  'streams.mark-consumer-deleting.v1': (state, { id, arn }) =>
    changeStream(state, id, IN_USE, (stream) =>
      changeConsumer(stream, arn, ['CREATING', 'ACTIVE'], (consumer) => ({
        ...consumer,
        status: 'DELETING',
      })),
    ),

  'streams.forget-consumer.v1': (state, { id, arn }) =>
    changeStream(state, id, [...IN_USE, 'DELETING'], (stream) => {
      const consumer = stream.consumers.find((each) => each.arn === arn);
      if (consumer === undefined) return { reason: 'no-such-consumer', arn };
      const { status } = consumer;
      if (status !== 'DELETING') return { reason: 'wrong-consumer-status', arn, status };
      return { ...stream, consumers: stream.consumers.filter((each) => each !== consumer) };
    }),

  'streams.set-consumer-tags.v1': (state, { id, arn, tags }) =>
    changeStream(state, id, IN_USE, (stream) =>
      changeConsumer(stream, arn, ['ACTIVE'], (consumer) => {
        const all = sortedTags([...consumer.tags, ...tags]);
        return all.size > TAGS_MAX ? { reason: 'too-many-tags' } : { ...consumer, tags: all };
      }),
    ),

  'streams.remove-consumer-tags.v1': (state, { id, arn, keys }) =>
    changeStream(state, id, IN_USE, (stream) =>
      changeConsumer(stream, arn, ['ACTIVE'], (consumer) => {
        const gone = new Set(keys);
        return { ...consumer, tags: new Map([...consumer.tags].filter(([key]) => !gone.has(key))) };
      }),
    ),
};
