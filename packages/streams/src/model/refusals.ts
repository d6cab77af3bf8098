import type { ServiceError } from '@millrace/aws-protocol';
import type { Catalog, Command, Refusal } from '@millrace/catalog';
import {
  type NamedStream,
  shardLimitExceeded,
  streamExists,
  streamNotActive,
  streamNotFound,
  tooManyTags,
} from './errors.ts';

type Stream = NamedStream & { readonly region: string };

const errorOf = (refusal: Refusal, stream: Stream): ServiceError => {
  switch (refusal.reason) {
    case 'stream-exists':
      return streamExists(stream);
    case 'no-such-stream':
      return streamNotFound(stream);
    case 'wrong-status':
      return streamNotActive(stream, refusal.status);
    case 'too-many-tags':
      return tooManyTags(stream);
    case 'too-many-shards':
      return shardLimitExceeded({ ...stream, ...refusal });
    case 'secret-exists':
      throw new Error('a command about a stream was refused for a secret');
  }
};

/** Submits a command about the stream; throws AWS's error for its refusal. */
export const submit = async (catalog: Catalog, command: Command, stream: Stream): Promise<void> => {
  const result = await catalog.submit(command);
  if (!result.applied) throw errorOf(result.refusal, stream);
};
