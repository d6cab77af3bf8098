import type { ServiceModel, StructureShape } from '@millrace/aws-model';
import type { Codec } from '../codecs/codec.ts';
import { ServiceError } from '../service-error.ts';
import { encodeFrame, encodeHeaders } from './frame.ts';

export const EVENT_STREAM_TYPE = 'application/vnd.amazon.eventstream';

export interface EventStreamMember {
  readonly name: string;
  readonly shape: StructureShape;
}

/** The member of an output that is a stream of events; undefined for outputs that come whole. */
export const eventStreamMember = (model: ServiceModel, output: string): EventStreamMember | undefined => {
  const shape = model.shapes[output];
  if (shape?.type !== 'structure') return undefined;
  for (const [name, member] of Object.entries(shape.members)) {
    const stream = model.shapes[member.shape];
    if (stream?.type === 'structure' && stream.eventStream) return { name, shape: stream };
  }
  return undefined;
};

/** One event: an object with the event's name as its only member. */
type Event = Readonly<Record<string, unknown>>;

const INTERNAL_FAILURE = 'InternalFailureException';

/** Writes the frames of one stream. */
class EventEncoder {
  readonly #model: ServiceModel;
  readonly #stream: StructureShape;
  readonly #codec: Codec;
  readonly #headers = new Map<string, Buffer>();

  constructor(model: ServiceModel, stream: StructureShape, codec: Codec) {
    this.#model = model;
    this.#stream = stream;
    this.#codec = codec;
  }

  /** What the output holds beside its stream; codecs leave that out. Botocore insists on this frame, and on it being the first. */
  initialResponse(shape: string, value: object): Uint8Array {
    return this.#frame('event', 'initial-response', this.#codec.encode(this.#model, shape, value));
  }

  event(event: Event): Uint8Array {
    const [[name, value] = ['', undefined]] = Object.entries(event).filter(
      ([, value]) => value !== undefined,
    );
    const member = this.#stream.members[name];
    if (member === undefined) throw new Error(`the stream has no event '${name}'`);
    const shape = this.#model.shapes[member.shape];
    const type = shape?.type === 'structure' && shape.exception ? 'exception' : 'event';
    return this.#frame(type, name, this.#codec.encode(this.#model, member.shape, value));
  }

  /** The last frame of a stream that fails. */
  failure(error: ServiceError | undefined): Uint8Array {
    const isKnown = error !== undefined && error.code in this.#stream.members;
    return this.event(isKnown ? { [error.code]: { message: error.message } } : { [INTERNAL_FAILURE]: {} });
  }

  #frame(messageType: 'event' | 'exception', name: string, payload: Uint8Array): Uint8Array {
    let headers = this.#headers.get(name);
    if (headers === undefined) {
      headers = encodeHeaders({
        ':message-type': messageType,
        [`:${messageType}-type`]: name,
        ':content-type': this.#codec.contentType,
      });
      this.#headers.set(name, headers);
    }
    return encodeFrame(headers, payload);
  }
}

export interface StreamedOutput {
  readonly model: ServiceModel;
  /** The output's shape. */
  readonly shape: string;
  readonly member: EventStreamMember;
  readonly value: Readonly<Record<string, unknown>>;
}

const eventsIn = ({ member, value }: StreamedOutput): AsyncIterable<Event> => {
  const events = value[member.name];
  if (typeof events === 'object' && events !== null && Symbol.asyncIterator in events) {
    return events as AsyncIterable<Event>;
  }
  throw new Error(`the output has no stream of events in ${member.name}`);
};

/**
 * The frames of an output that is a stream of events. What the stream throws becomes its last frame; after an
 * abort it just ends.
 */
export const encodeEvents = (
  output: StreamedOutput,
  codec: Codec,
  signal: AbortSignal,
  onFault: (error: unknown) => void,
): AsyncIterable<Uint8Array> => {
  const { model, shape, member, value } = output;
  const events = eventsIn(output);
  const encoder = new EventEncoder(model, member.shape, codec);
  const frames = async function* () {
    yield encoder.initialResponse(shape, value);
    try {
      for await (const event of events) yield encoder.event(event);
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof ServiceError ? error : undefined;
      if (known === undefined) onFault(error);
      yield encoder.failure(known);
    }
  };
  return frames();
};
