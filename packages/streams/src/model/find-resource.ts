import type { CallContext } from '@millrace/aws-protocol';
import type { Catalog, Consumer, Stream } from '@millrace/catalog';
import { parseArn } from '@millrace/core';
import { parseConsumerArn } from './consumer-arn.ts';
import { resourceNotFound } from './errors.ts';
import { requireConsumer } from './find-consumer.ts';
import { requireStream } from './find-stream.ts';

/** What carries tags and a policy: a stream, or one of its consumers. */
export interface Resource {
  readonly stream: Stream;
  readonly consumer?: Consumer;
}

const STREAM_FORM = /^stream\/[^/]+$/;

/** Channels are not built, so none of theirs exists. */
export const requireResource = (
  arn: string,
  deps: { readonly catalog: Catalog },
  context: CallContext,
): Resource => {
  if (parseConsumerArn(arn) !== undefined) return requireConsumer({ ConsumerARN: arn }, deps, context);
  if (!STREAM_FORM.test(parseArn(arn)?.resource ?? '')) throw resourceNotFound(arn);
  return { stream: requireStream({ StreamARN: arn }, deps, context) };
};
