import type { CallContext } from '@millrace/aws-protocol';
import type { Catalog, Stream } from '@millrace/catalog';
import { parseArn } from '@millrace/core';
import { invalidArgument, type NamedStream, streamNotFound } from './errors.ts';

/** How requests name a stream; the one place where that is understood. */
export interface StreamReference {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  readonly StreamId?: string | undefined;
}

export interface FoundStream extends NamedStream {
  /** Undefined when there is none of that name here. */
  readonly stream: Stream | undefined;
}

const RESOURCE_PREFIX = 'stream/';

const findByName = (name: string, catalog: Catalog, { account, region }: CallContext): FoundStream => ({
  name,
  account,
  stream: catalog.state.streams.find(account, region, name),
});

/** An ARN of another account, region or partition names a stream that does not exist here. */
const findByArn = (text: string, catalog: Catalog, context: CallContext): FoundStream => {
  const arn = parseArn(text);
  if (arn === undefined || !arn.resource.startsWith(RESOURCE_PREFIX)) {
    throw invalidArgument(`StreamARN ${text} is not the ARN of a stream.`);
  }
  const found = findByName(arn.resource.slice(RESOURCE_PREFIX.length), catalog, context);
  return { ...found, account: arn.account, stream: found.stream?.arn === text ? found.stream : undefined };
};

export const findStream = (
  reference: StreamReference,
  { catalog }: { readonly catalog: Catalog },
  context: CallContext,
): FoundStream => {
  const { StreamName: name, StreamARN: arn, StreamId: id } = reference;
  if (arn !== undefined) {
    const found = findByArn(arn, catalog, context);
    if (name === undefined || name === found.name) return found;
    throw invalidArgument(`StreamName ${name} and StreamARN ${arn} name different streams.`);
  }
  if (name !== undefined) return findByName(name, catalog, context);
  throw invalidArgument(
    id === undefined
      ? 'Either StreamName or StreamARN should be provided.'
      : 'StreamId is reserved by AWS for future use. Name the stream by StreamName or StreamARN.',
  );
};

export const requireStream = (
  reference: StreamReference,
  deps: { readonly catalog: Catalog },
  context: CallContext,
): Stream => {
  const found = findStream(reference, deps, context);
  if (found.stream === undefined) throw streamNotFound(found);
  return found.stream;
};

/** To a writer a stream that is not ready yet, or going, is not there (recorded). */
export const requireWritableStream = (
  reference: StreamReference,
  deps: { readonly catalog: Catalog },
  context: CallContext,
): Stream => {
  const stream = requireStream(reference, deps, context);
  if (stream.status === 'ACTIVE' || stream.status === 'UPDATING') return stream;
  throw streamNotFound(stream);
};

/** The stream as it is now, for a writer that has waited. */
export const requireStillWritable = (
  { id, account, name }: Stream,
  { catalog }: { readonly catalog: Catalog },
): Stream => {
  const stream = catalog.state.streams.get(id);
  if (stream?.status === 'ACTIVE' || stream?.status === 'UPDATING') return stream;
  throw streamNotFound({ account, name });
};
