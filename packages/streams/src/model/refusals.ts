import type { ServiceError } from '@millrace/aws-protocol';
import type { Catalog, Command, Refusal, Result } from '@millrace/catalog';
import { shardIdOf } from '@millrace/core';
import { storeUnavailable } from './append-error.ts';
import {
  creatingStreamsExceeded,
  distributionIsAuto,
  notOnDemand,
  onDemandLimitExceeded,
} from './capacity-errors.ts';
import {
  consumerExists,
  consumerLimitExceeded,
  consumerNotActive,
  consumerNotFound,
  creatingLimitExceeded,
  policyNotFound,
  streamHasConsumers,
} from './consumer-errors.ts';
import {
  type NamedStream,
  onDemandStream,
  retentionDisagrees,
  shardAlreadyClosed,
  shardLimitExceeded,
  shardNotFound,
  shardsNotAdjacent,
  splitOutside,
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
    case 'has-consumers':
      return streamHasConsumers(stream);
    case 'consumer-exists':
      return consumerExists(refusal.name, stream);
    case 'no-such-consumer':
      return consumerNotFound(refusal.arn, stream);
    case 'wrong-consumer-status':
      return consumerNotActive(refusal.arn, stream);
    case 'too-many-consumers':
      return consumerLimitExceeded(refusal.consumersMax, stream);
    case 'too-many-creating':
      return creatingLimitExceeded(refusal.creatingMax, stream);
    case 'no-policy':
      return policyNotFound(refusal.arn);
    case 'too-many-shards':
      return shardLimitExceeded({ ...stream, ...refusal });
    case 'too-many-on-demand':
      return onDemandLimitExceeded(stream, refusal);
    case 'too-many-creating-streams':
      return creatingStreamsExceeded(stream.account, refusal.creatingMax);
    case 'not-on-demand':
      return notOnDemand('This', stream);
    case 'distribution-is-auto':
      return distributionIsAuto(stream);
    case 'wrong-mode':
      return onDemandStream(stream);
    case 'no-such-shard':
      return shardNotFound(shardIdOf(refusal.shard), stream);
    case 'shard-closed':
      return shardAlreadyClosed(shardIdOf(refusal.shard), stream);
    case 'not-adjacent':
      return shardsNotAdjacent([shardIdOf(refusal.shards[0]), shardIdOf(refusal.shards[1])], stream);
    case 'split-outside':
      return splitOutside(shardIdOf(refusal.shard), refusal, stream);
    case 'retention-would-fall':
      return retentionDisagrees('increase', refusal, stream);
    case 'retention-would-rise':
      return retentionDisagrees('decrease', refusal, stream);
    case 'not-closing':
    case 'not-updating':
    case 'secret-exists':
    case 'key-exists':
    case 'alias-exists':
    case 'no-such-key':
    case 'no-such-alias':
    case 'aws-managed-key':
    case 'wrong-key-state':
      throw new Error(`a caller's command was refused with ${refusal.reason}`);
  }
};

/** Submits a command; throws AWS's error when the store cannot take it. */
export const submitted = async (catalog: Catalog, command: Command): Promise<Result> => {
  try {
    return await catalog.submit(command);
  } catch (error) {
    throw storeUnavailable(error) ?? error;
  }
};

/** Submits a command about the stream; throws AWS's error for its refusal. */
export const submit = async (catalog: Catalog, command: Command, stream: Stream): Promise<void> => {
  const result = await submitted(catalog, command);
  if (!result.applied) throw errorOf(result.refusal, stream);
};
