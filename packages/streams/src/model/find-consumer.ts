import type { CallContext } from '@millrace/aws-protocol';
import type { Catalog, Consumer, Stream } from '@millrace/catalog';
import { parseConsumerArn } from './consumer-arn.ts';
import { consumerNotFound } from './consumer-errors.ts';
import { invalidArgument } from './errors.ts';
import { requireStream } from './find-stream.ts';

/** How requests name a consumer; the one place where that is understood. */
export interface ConsumerReference {
  readonly StreamARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly ConsumerARN?: string | undefined;
}

export interface FoundConsumer {
  readonly stream: Stream;
  readonly consumer: Consumer;
}

type Deps = { readonly catalog: Catalog };

const requireByArn = (arn: string, deps: Deps, context: CallContext): FoundConsumer => {
  const parts = parseConsumerArn(arn);
  if (parts === undefined) throw invalidArgument(`ConsumerARN ${arn} is not the ARN of a consumer.`);
  const stream = requireStream({ StreamARN: parts.streamArn }, deps, context);
  const consumer = stream.consumers.find((each) => each.arn === arn);
  if (consumer === undefined) throw consumerNotFound(arn, stream);
  return { stream, consumer };
};

const requireByName = (name: string, StreamARN: string, deps: Deps, context: CallContext): FoundConsumer => {
  const stream = requireStream({ StreamARN }, deps, context);
  const consumer = stream.consumers.find((each) => each.name === name);
  if (consumer === undefined) throw consumerNotFound(name, stream);
  return { stream, consumer };
};

const checkAgreement = ({ StreamARN, ConsumerName, ConsumerARN = '' }: ConsumerReference): void => {
  const parts = parseConsumerArn(ConsumerARN);
  const isSameStream = StreamARN === undefined || StreamARN === parts?.streamArn;
  const isSameName = ConsumerName === undefined || ConsumerName === parts?.name;
  if (parts === undefined || (isSameStream && isSameName)) return;
  throw invalidArgument(
    `ConsumerARN ${ConsumerARN} names another consumer than StreamARN and ConsumerName do.`,
  );
};

/** By StreamARN and ConsumerName, by ConsumerARN, or by all three if they agree. */
export const requireConsumer = (
  reference: ConsumerReference,
  deps: Deps,
  context: CallContext,
): FoundConsumer => {
  const { StreamARN, ConsumerName, ConsumerARN } = reference;
  if (ConsumerARN !== undefined) {
    checkAgreement(reference);
    return requireByArn(ConsumerARN, deps, context);
  }
  if (StreamARN !== undefined && ConsumerName !== undefined) {
    return requireByName(ConsumerName, StreamARN, deps, context);
  }
  throw invalidArgument('Either ConsumerARN, or StreamARN and ConsumerName, should be provided.');
};
