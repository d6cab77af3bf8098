import type { ConsumerStatus } from './consumer.ts';
import type { StreamId } from './stream.ts';

type Tags = readonly (readonly [key: string, value: string])[];

interface RegisterConsumer {
  readonly type: 'streams.register-consumer.v1';
  readonly id: StreamId;
  readonly name: string;
  /** Consumers that the stream may have, this one included. */
  readonly consumersMax: number;
  readonly tags: Tags;
}

/** A consumer is named by its ARN: its name may have gone to another one meanwhile. */
interface OfConsumer<Type extends string> {
  readonly type: Type;
  readonly id: StreamId;
  readonly arn: string;
}

interface SetConsumerTags extends OfConsumer<'streams.set-consumer-tags.v1'> {
  readonly tags: Tags;
}

/** Keys that the consumer does not have are passed over. */
interface RemoveConsumerTags extends OfConsumer<'streams.remove-consumer-tags.v1'> {
  readonly keys: readonly string[];
}

export type ConsumerCommand =
  | RegisterConsumer
  | OfConsumer<'streams.activate-consumer.v1'>
  | OfConsumer<'streams.mark-consumer-deleting.v1'>
  | OfConsumer<'streams.forget-consumer.v1'>
  | SetConsumerTags
  | RemoveConsumerTags;

export type ConsumerRefusal =
  | { readonly reason: 'consumer-exists'; readonly name: string }
  | { readonly reason: 'no-such-consumer'; readonly arn: string }
  | { readonly reason: 'wrong-consumer-status'; readonly arn: string; readonly status: ConsumerStatus }
  | { readonly reason: 'too-many-consumers'; readonly consumersMax: number }
  | { readonly reason: 'too-many-creating'; readonly creatingMax: number };
