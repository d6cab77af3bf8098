import type { KinesisError } from '@millrace/aws-model/kinesis';
import { ServiceError, serviceErrors } from '@millrace/aws-protocol';
import type { StreamStatus } from '@millrace/catalog';
import type { ShardId } from '@millrace/core';
import { RETENTION_HOURS_MAX, RETENTION_HOURS_MIN } from './retention.ts';

/**
 * The service's texts, as recorded on AWS unless marked `ours`: AWS's own is not known. They are API.
 */
const fail = serviceErrors<KinesisError>();

/** A stream as it is named in texts, whether or not it exists. */
export interface NamedStream {
  readonly account: string;
  readonly name: string;
}

const streamText = ({ name, account }: NamedStream): string => `stream ${name} under account ${account}`;
const shardText = (shard: string, stream: NamedStream): string => `shard ${shard} in ${streamText(stream)}`;

export const invalidArgument = (text: string): ServiceError => fail('InvalidArgumentException', text);

export const streamNotFound = ({ name, account }: NamedStream): ServiceError =>
  fail('ResourceNotFoundException', `Stream ${name} under account ${account} not found.`);

export const streamExists = ({ name, account }: NamedStream): ServiceError =>
  fail('ResourceInUseException', `Stream ${name} under account ${account} already exists.`);

export const streamNotActive = ({ name, account }: NamedStream, status: StreamStatus): ServiceError =>
  fail(
    'ResourceInUseException',
    `Stream ${name} under account ${account} not ACTIVE, instead in state ${status}`,
  );

/** As other emulators have it from AWS. */
export const onDemandStream = ({ name, account }: NamedStream): ServiceError =>
  fail(
    'ValidationException',
    `Request is invalid. Stream ${name} under account ${account} is in On-Demand mode.`,
  );

export const shardsNotAdjacent = (
  [lower, upper]: readonly [ShardId, ShardId],
  stream: NamedStream,
): ServiceError =>
  invalidArgument(
    `Shards ${lower} and ${upper} in ${streamText(stream)} are not an adjacent pair of shards eligible for merging`,
  );

/** As other emulators have it from AWS. */
export const shardAlreadyClosed = (shard: ShardId, stream: NamedStream): ServiceError =>
  invalidArgument(
    `${shardText(shard, stream).replace('shard', 'Shard')} has already been merged or split, and thus is not eligible for merging or splitting.`,
  );

export const splitOutside = (
  shard: ShardId,
  { hashKey, start, end }: { readonly hashKey: string; readonly start: string; readonly end: string },
  stream: NamedStream,
): ServiceError =>
  invalidArgument(
    `NewStartingHashKey ${hashKey} used in SplitShard() on ${shardText(shard, stream)} is not both greater than one plus the shard's StartingHashKey ${start} and less than the shard's EndingHashKey ${end}.`,
  );

export const retentionTooShort = (hours: number): ServiceError =>
  invalidArgument(
    `Minimum allowed retention period is ${RETENTION_HOURS_MIN} hours. Requested retention period (${hours} hours) is too short.`,
  );

/** The bound in the text was recorded when it was lower. */
export const retentionTooLong = (hours: number): ServiceError =>
  invalidArgument(
    `Maximum allowed retention period is ${RETENTION_HOURS_MAX} hours. Requested retention period (${hours} hours) is too long.`,
  );

export const retentionDisagrees = (
  direction: 'increase' | 'decrease',
  { wantedHours, retentionHours }: { readonly wantedHours: number; readonly retentionHours: number },
  { name }: NamedStream,
): ServiceError => {
  const [relation, other] = direction === 'increase' ? ['shorter', 'Decrease'] : ['longer', 'Increase'];
  return invalidArgument(
    `Requested retention period (${wantedHours} hours) for stream ${name} can not be ${relation} than existing retention period (${retentionHours} hours). Use ${other}RetentionPeriod API.`,
  );
};

export const shardLimitExceeded = (counts: {
  readonly account: string;
  readonly region: string;
  readonly openShardCount: number;
  readonly shardsMax: number;
  readonly shardCount: number;
}): ServiceError =>
  fail(
    'LimitExceededException',
    `This request would exceed the shard limit for the account ${counts.account} in ${counts.region}. ` +
      `Current shard count for the account: ${counts.openShardCount}. Limit: ${counts.shardsMax}. ` +
      `Number of additional shards that would have resulted from this request: ${counts.shardCount}. ` +
      'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
      'for current limits and how to request higher limits.',
  );

/** The text is not a shard id, or names no shard of the stream. */
export const shardNotFound = (shard: string, stream: NamedStream): ServiceError =>
  fail('ResourceNotFoundException', `Could not find ${shardText(shard, stream)}.`);

export const shardDoesNotExist = (shard: ShardId, { name, account }: NamedStream): ServiceError =>
  fail(
    'ResourceNotFoundException',
    `Shard ${shard} in stream ${name} under account ${account} does not exist`,
  );

/** ours */
export const resourceNotFound = (arn: string): ServiceError =>
  fail('ResourceNotFoundException', `Resource ${arn} not found.`);

/** A bound of the model that only the server can check: which members are broken, as AWS names them. */
export const missingMembers = (members: readonly string[]): ServiceError => {
  const shown = members.slice(0, 10);
  const count = shown.length === 1 ? '1 validation error' : `${shown.length} validation errors`;
  const errors = shown.map(
    (member) => `Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
  return fail('ValidationException', `${count} detected: ${errors.join('; ')}`);
};

export const invalidExplicitHashKey = (value: string): ServiceError =>
  invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${value}`,
  );

export const invalidOrderingNumber = (value: string, stream: NamedStream): ServiceError =>
  invalidArgument(
    `ExclusiveMinimumSequenceNumber ${value} used in PutRecord on ${streamText(stream)} is invalid.`,
  );

/** ours */
export const recordTooLarge = (bytes: number, bytesMax: number, stream: NamedStream): ServiceError =>
  invalidArgument(
    `Record of ${bytes} bytes (data and partition key) is larger than the ${bytesMax} bytes that ${streamText(stream)} takes.`,
  );

/** ours */
export const requestTooLarge = (bytes: number, bytesMax: number): ServiceError =>
  invalidArgument(
    `Records of ${bytes} bytes (data and partition keys) are more than the ${bytesMax} bytes of one request.`,
  );

/** A throttled shard: as LocalStack has it, the dot is not sure. */
export const rateExceededText = (shard: ShardId, stream: NamedStream): string =>
  `Rate exceeded for ${shardText(shard, stream)}.`;

/** Ours: a writer is to wait, and its operator to know for what. */
export const noSpaceText = (shard: ShardId, stream: NamedStream): string =>
  `No space is left on the server's disk for ${shardText(shard, stream)}.`;

export const noSpace = (shard: ShardId, stream: NamedStream): ServiceError =>
  fail('ProvisionedThroughputExceededException', noSpaceText(shard, stream));

export const rateExceeded = (shard: ShardId, stream: NamedStream): ServiceError =>
  fail('ProvisionedThroughputExceededException', rateExceededText(shard, stream));

export const invalidStartingNumber = (
  value: string,
  usedIn: string,
  shard: ShardId,
  stream: NamedStream,
): ServiceError =>
  invalidArgument(
    `StartingSequenceNumber ${value} used in ${usedIn} on ${shardText(shard, stream)} is invalid.`,
  );

export const foreignStartingNumber = (
  value: string,
  usedIn: string,
  shard: ShardId,
  stream: NamedStream,
): ServiceError =>
  invalidArgument(
    `StartingSequenceNumber ${value} used in ${usedIn} on ${shardText(shard, stream)} is invalid because it did not come from this stream.`,
  );

export const startingNumberOfOtherShard = (encoded: ShardId, used: ShardId): ServiceError =>
  invalidArgument(
    `Invalid StartingSequenceNumber. It encodes ${encoded}, while it was used in a call to a shard with ${used}`,
  );

/** AWS breaks on a number of its first form, and says no more than this. */
export const firstFormNumber = (): ServiceError => new ServiceError('InternalFailure', '', 500);

export const typeAndNumberDisagree = (type: string, given: 'also a' | 'no'): ServiceError =>
  invalidArgument(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
      `Request specified ${type} and ${given} StartingSequenceNumber.`,
  );

export const timestampMissing = (): ServiceError =>
  invalidArgument(
    'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
  );

export const timestampInFuture = (timestampMs: number, nowMs: number): ServiceError =>
  invalidArgument(
    `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${timestampMs}, currentTimestampInMillis: ${nowMs}`,
  );

export const invalidIterator = (): ServiceError => invalidArgument('Invalid ShardIterator.');

/** `Thu Jan 22 01:22:02 UTC 2015`, as Java prints a date. */
const javaDate = (epochMs: number): string => {
  const [day = '', date, month, year, time] = new Date(epochMs).toUTCString().split(' ');
  return `${day.slice(0, 3)} ${month} ${date} ${time} UTC ${year}`;
};

export const iteratorExpired = (issuedAtMs: number, nowMs: number, lifetimeMs: number): ServiceError =>
  fail(
    'ExpiredIteratorException',
    `Iterator expired. The iterator was created at time ${javaDate(issuedAtMs)} while right now it is ${javaDate(nowMs)} which is further in the future than the tolerated delay of ${lifetimeMs} milliseconds.`,
  );

/** ours */
export const invalidPageToken = (): ServiceError => invalidArgument('Invalid NextToken.');

/** ours */
export const pageTokenExpired = (lifetimeMs: number): ServiceError =>
  fail('ExpiredNextTokenException', `The NextToken is older than ${lifetimeMs} milliseconds.`);

export const invalidTagCharacters = (): ServiceError =>
  invalidArgument(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  );

const tagsRefused = (action: 'add tags to' | 'remove tags from', stream: NamedStream, why: string) =>
  invalidArgument(`Failed to ${action} ${streamText(stream)} because ${why}`);

/** AWS's first check lets a per cent sign pass, its second one does not. */
export const illegalTagCharacters = (action: 'add tags to' | 'remove tags from', stream: NamedStream) =>
  tagsRefused(
    action,
    stream,
    "some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
  );

/** AWS's text says 10 although the limit is 50. */
export const tooManyTags = (stream: NamedStream) =>
  tagsRefused('add tags to', stream, 'a given stream cannot have more than 10 tags associated with it.');

/** ours: NONE is in the shape, but only KMS has a meaning here. */
export const requireKmsEncryption = (type: string): void => {
  if (type !== 'KMS') throw invalidArgument(`EncryptionType must be KMS. Specified value was ${type}`);
};

/** ours; that success answers this exception is what the model suggests. */
export const dryRunPassed = (): ServiceError =>
  fail('DryRunOperationException', 'The request would have succeeded, but DryRun was set.');
