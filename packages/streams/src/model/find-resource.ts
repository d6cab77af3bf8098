import type { CallContext } from '@millrace/aws-protocol';
import type { Catalog, Stream } from '@millrace/catalog';
import { parseArn } from '@millrace/core';
import { resourceNotFound } from './errors.ts';
import { requireStream } from './find-stream.ts';

const STREAM_FORM = /^stream\/[^/]+$/;

/** A resource that carries tags. Consumers and channels are not built, so none of theirs exists. */
export const requireResource = (
  arn: string,
  deps: { readonly catalog: Catalog },
  context: CallContext,
): Stream => {
  if (!STREAM_FORM.test(parseArn(arn)?.resource ?? '')) throw resourceNotFound(arn);
  return requireStream({ StreamARN: arn }, deps, context);
};
