import { SubscribeToShardCommand, type SubscribeToShardCommandInput } from '@aws-sdk/client-kinesis';
import { type EventFrame, eventFrames } from './event-frames.ts';
import { type JsonRecord, jsonRecord } from './json-record.ts';
import { FIRST, readFirst } from './own-response.ts';
import { type AwsEvent, recordsEvent } from './sdk-answers.ts';
import type { RecordsEvent } from './transport.ts';

const CONTENT_TYPE = /^application\/vnd\.amazon\.eventstream/;

const named = (name = 'Unknown', message = ''): Error => Object.assign(new Error(message), { name });

/** What a frame says besides events: its end, in an error with the service's name for it. */
const failure = ({ headers, payload }: EventFrame): Error | undefined => {
  const type = headers.get(':message-type');
  if (type === 'error') return named(headers.get(':error-code'), headers.get(':error-message'));
  if (type !== 'exception') return undefined;
  const { message, Message } = JSON.parse(payload.toString() || '{}');
  return named(headers.get(':exception-type'), message ?? Message);
};

async function* eventsIn(frames: AsyncIterable<EventFrame>): AsyncGenerator<RecordsEvent, void, undefined> {
  for await (const frame of frames) {
    const error = failure(frame);
    if (error !== undefined) throw error;
    if (frame.headers.get(':event-type') !== 'SubscribeToShardEvent') continue;
    const json: AwsEvent<JsonRecord> = JSON.parse(frame.payload.toString());
    yield recordsEvent(json, jsonRecord);
  }
}

async function* bytesOf(first: readonly EventFrame[], rest: AsyncIterable<EventFrame>) {
  for (const { bytes } of first) yield bytes;
  for await (const { bytes } of rest) yield bytes;
}

const NONE: AsyncIterable<EventFrame> = (async function* () {})();

export interface SubscribeCall {
  readonly command: SubscribeToShardCommand;
  /** When the command has been sent: undefined when the SDK reads the events after all. */
  readonly events: () => AsyncIterable<RecordsEvent> | undefined;
}

/** SubscribeToShard by the SDK, which also reads the first message; but for the reading of its events. */
export const subscribeCommand = (input: SubscribeToShardCommandInput): SubscribeCall => {
  const command = new SubscribeToShardCommand(input);
  let events: AsyncIterable<RecordsEvent> | undefined;
  const reader = readFirst(CONTENT_TYPE, async (response) => {
    const frames = eventFrames(response.body);
    const first = await frames.next();
    const heads = first.done === true ? [] : [first.value];
    const isExpected = heads.some(({ headers }) => headers.get(':event-type') === 'initial-response');
    if (isExpected) events = eventsIn(frames);
    Object.assign(response, { body: bytesOf(heads, isExpected ? NONE : frames) });
  });
  command.middlewareStack.add(reader, FIRST);
  return { command, events: () => events };
};
