import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { hostname } from 'node:os';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Clock, Random } from './clock.ts';
import { Consumer, type ConsumerOptions } from './consumer.ts';
import { DynamoLeaseStore } from './leases/dynamo-lease-store.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import { SdkTransport } from './reading/sdk-transport.ts';
import { type Settings, settingsFrom } from './settings.ts';

/** The machine's clock and chance. */
const nodeClock: Clock = {
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
const nodeRandom: Random = { next: () => Math.random() };

export interface CreateConsumerOptions extends Omit<ConsumerOptions, 'workerId'> {
  readonly streamName: string;
  /** Workers with the same name share the stream. It is also the name of the lease table. */
  readonly applicationName: string;
  /** The machine's name and something random, unless given. */
  readonly workerId?: string | undefined;
  /** Where Millrace is; without it the region's AWS endpoints. */
  readonly endpoint?: KinesisClientConfig['endpoint'];
  readonly region?: KinesisClientConfig['region'];
  readonly credentials?: KinesisClientConfig['credentials'];
  /** One of your own instead; give it `maxAttempts: 1`, since the consumer tries again itself. You destroy it. */
  readonly kinesis?: KinesisClient | undefined;
  /** The same; one that repeats writes by itself loses leases for no reason. */
  readonly dynamodb?: DynamoDBClient | undefined;
  /** Leases somewhere else than in DynamoDB. */
  readonly leaseStore?: LeaseStore | undefined;
}

/** HTTP/1.1 with connections that stay open; the SDK's own way opens an HTTP/2 session for every call to Kinesis. */
const requestHandler = ({ connectionsMax, requestTimeoutMs }: Settings): NodeHttpHandler => {
  const sockets = { keepAlive: true, maxSockets: connectionsMax };
  return new NodeHttpHandler({
    requestTimeout: requestTimeoutMs,
    connectionTimeout: requestTimeoutMs,
    httpAgent: new HttpAgent(sockets),
    httpsAgent: new HttpsAgent(sockets),
  });
};

/** The SDK takes an undefined member for a wish, and an absent one for its default. */
const definedOnly = (given: object): KinesisClientConfig & DynamoDBClientConfig =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/**
 * A consumer of one stream, of AWS or of Millrace.
 *
 * ```ts
 * const consumer = createConsumer({ streamName: 'orders', applicationName: 'billing', endpoint });
 * await consumer.run((record) => bill(record.partitionKey, record.data));
 * ```
 */
export const createConsumer = (options: CreateConsumerOptions): Consumer => {
  const { streamName, applicationName, endpoint, region, credentials, ...others } = options;
  const { kinesis, dynamodb, leaseStore, workerId = `${hostname()}:${randomUUID()}`, ...rest } = others;
  const { initialPosition: _position, poison: _poison, onEvent: _onEvent, ...given } = rest;
  const settings = settingsFrom(given);
  const config = (): KinesisClientConfig & DynamoDBClientConfig => ({
    ...definedOnly({ endpoint, region, credentials }),
    requestHandler: requestHandler(settings),
    maxAttempts: 1,
  });
  const owned: { destroy(): void }[] = [];
  const ownTable = (): DynamoDBClient => {
    const client = new DynamoDBClient(config());
    owned.push(client);
    return client;
  };
  const store = leaseStore ?? new DynamoLeaseStore(dynamodb ?? ownTable(), applicationName, nodeClock);
  const transport = new SdkTransport(
    kinesis ?? new KinesisClient(config()),
    streamName,
    kinesis === undefined,
  );
  const closeStore = (): void => {
    for (const client of owned) client.destroy();
  };
  return new Consumer(
    { ...rest, workerId },
    { clock: nodeClock, random: nodeRandom, transport, store, closeStore },
  );
};
