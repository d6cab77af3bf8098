import type { KinesisError } from '@millrace/aws-model/kinesis';
import { type ServiceError, serviceErrors } from '@millrace/aws-protocol';
import type { ShardId } from '@millrace/core';
import { parseConsumerArn } from './consumer-arn.ts';
import type { NamedStream } from './errors.ts';

/** Texts about consumers, subscriptions and policies: ours, unless marked as seen in reports about AWS. They are API. */
const fail = serviceErrors<KinesisError>();

const consumerText = (name: string, stream: NamedStream): string =>
  `Consumer ${name} under stream ${stream.name} under account ${stream.account}`;

/** `name with creation timestamp seconds`, as AWS tells consumers of one name apart. */
const nameAndTime = (arn: string): string => {
  const { name, creationSeconds } = parseConsumerArn(arn) ?? { name: arn, creationSeconds: 0 };
  return `${name} with creation timestamp ${creationSeconds}`;
};

export const consumerNotFound = (nameOrArn: string, stream: NamedStream): ServiceError =>
  fail('ResourceNotFoundException', `${consumerText(nameOrArn, stream)} not found.`);

export const consumerExists = (name: string, stream: NamedStream): ServiceError =>
  fail('ResourceInUseException', `${consumerText(name, stream)} already exists.`);

export const consumerLimitExceeded = (consumersMax: number, stream: NamedStream): ServiceError =>
  fail(
    'LimitExceededException',
    `Stream ${stream.name} under account ${stream.account} has ${consumersMax} consumers already, which is the limit.`,
  );

export const creatingLimitExceeded = (creatingMax: number, stream: NamedStream): ServiceError =>
  fail(
    'LimitExceededException',
    `Stream ${stream.name} under account ${stream.account} has ${creatingMax} consumers in status CREATING, which is the limit.`,
  );

export const streamHasConsumers = ({ name, account }: NamedStream): ServiceError =>
  fail(
    'ResourceInUseException',
    `Stream ${name} under account ${account} has consumers. Deregister them first, or set EnforceConsumerDeletion.`,
  );

/** Seen: PutResourcePolicy, 2025. */
export const consumerNotActive = (arn: string, stream: NamedStream): ServiceError =>
  fail(
    'ResourceInUseException',
    `Consumer ${nameAndTime(arn)} under stream ${stream.name} and account ${stream.account} is not in ACTIVE status.`,
  );

/** Seen: SubscribeToShard, 2024. */
export const subscriberNotActive = (arn: string, stream: NamedStream): ServiceError =>
  fail(
    'ResourceInUseException',
    `Consumer ${nameAndTime(arn)} under stream: ${stream.name} , account ${stream.account} is not in ACTIVE status.`,
  );

/** Seen: SubscribeToShard and the end of a stream that was taken over, 2018. */
export const otherSubscription = (shard: ShardId, arn: string, stream: NamedStream): ServiceError =>
  fail(
    'ResourceInUseException',
    `Another active subscription exists for this consumer: ${stream.account}:${stream.name}:${shard}:${parseConsumerArn(arn)?.name}`,
  );

export const policyNotFound = (arn: string): ServiceError =>
  fail('ResourceNotFoundException', `Resource ${arn} has no policy.`);
