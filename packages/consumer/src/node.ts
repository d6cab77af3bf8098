import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { definedOnly, keepAliveHandler, nodeClock, nodeRandom, SILENT_LOGGER } from '@millrace/client-common';
import { Consumer, type ConsumerOptions, type ConsumerStreams, settingsIn } from './consumer.ts';
import { coresIn, processMeter } from './cpu-meter.ts';
import { ConsumerError } from './errors.ts';
import { DynamoLeaseStore } from './leases/dynamo-lease-store.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type { CpuMeter } from './leases/worker-reporter.ts';
import { SdkTransport } from './reading/sdk-transport.ts';
import type { Settings } from './settings.ts';
import { describeStream, sdkStream } from './shards/sdk-streams.ts';
import { StreamFinder } from './shards/stream-finder.ts';
import { checkedRef, refName, type StreamList, type StreamRef } from './shards/stream-options.ts';

/**
 * HTTP/2, as AWS demands for subscriptions: the SDK opens a connection for each, which is gone with it. No timeout:
 * a subscription lasts, and the consumer itself sees to it that something comes.
 */
const SUBSCRIBING = { requestTimeout: 0, disableConcurrentStreams: true };

export interface CreateConsumerOptions extends Omit<ConsumerOptions, 'workerId'> {
  /** The stream, in the client's own account and region. Either this, or `streamArn`, or `streams`. */
  readonly streamName?: string | undefined;
  readonly streamArn?: string | undefined;
  /** Several streams with one lease table: a list, or a function that is asked for one every `streamsMs`. */
  readonly streams?: StreamList | undefined;
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

/** Linux's limit of the container, where there is one. */
const CPU_MAX_FILE = '/sys/fs/cgroup/cpu.max';

const containerCores = (): number | undefined => {
  try {
    return coresIn(readFileSync(CPU_MAX_FILE, 'utf8'));
  } catch {
    // No container, or not Linux.
    return undefined;
  }
};

const nodeMeter = (): CpuMeter => processMeter(nodeClock, () => process.cpuUsage(), containerCores());

type StreamChoice = Pick<CreateConsumerOptions, 'streamName' | 'streamArn' | 'streams'>;

/** Everything about streams that takes the SDK. */
const streamsOf = (
  { streams, ...one }: StreamChoice,
  open: (stream: StreamRef) => SdkTransport,
  client: KinesisClient,
  { requestTimeoutMs: timeoutMs, streamsMs: freshMs }: Settings,
): ConsumerStreams => {
  if (streams === undefined) {
    const stream = checkedRef(one);
    return { transport: open(stream), streamName: refName(stream) };
  }
  if (one.streamName !== undefined || one.streamArn !== undefined) {
    throw new ConsumerError('InvalidSettings', 'either one stream is given or streams');
  }
  const describe = (stream: StreamRef, signal: AbortSignal) => describeStream(client, stream, signal);
  return {
    source: new StreamFinder({ clock: nodeClock, timeoutMs, freshMs, list: streams, describe, open }),
  };
};

/**
 * A consumer of one stream, or of several, of AWS or of Millrace.
 *
 * ```ts
 * const consumer = createConsumer({ streamName: 'orders', applicationName: 'billing', endpoint });
 * await consumer.run((record) => bill(record.partitionKey, record.data));
 * ```
 */
export const createConsumer = (options: CreateConsumerOptions): Consumer => {
  const { streamName, streamArn, streams, applicationName, endpoint, region, credentials, ...others } =
    options;
  const { kinesis, dynamodb, leaseStore, workerId = `${hostname()}:${randomUUID()}`, ...rest } = others;
  const settings = settingsIn(rest);
  const { connectionsMax, requestTimeoutMs } = settings;
  const address = {
    ...definedOnly({ endpoint, region, credentials }),
    maxAttempts: 1,
    logger: SILENT_LOGGER,
  };
  const config = (): KinesisClientConfig & DynamoDBClientConfig => ({
    ...address,
    requestHandler: keepAliveHandler({
      connectionsMax,
      requestTimeoutMs,
      connectTimeoutMs: requestTimeoutMs,
    }),
  });
  const owned: { destroy(): void }[] = [];
  const ownTable = (): DynamoDBClient => {
    const client = new DynamoDBClient(config());
    owned.push(client);
    return client;
  };
  const mode = streams === undefined ? 'single' : 'multi';
  const store = leaseStore ?? new DynamoLeaseStore(dynamodb ?? ownTable(), applicationName, nodeClock, mode);
  const client = kinesis ?? new KinesisClient(config());
  const subscriber = kinesis ?? new KinesisClient({ ...address, requestHandler: SUBSCRIBING });
  if (kinesis === undefined) owned.push(client, subscriber);
  const clients = { client, subscriber, isOwn: kinesis === undefined };
  const open = (stream: StreamRef): SdkTransport => new SdkTransport(clients, sdkStream(stream));
  const choice = { streamName, streamArn, streams };
  const streamed = streamsOf(choice, open, client, settings);
  const closeStore = (): void => {
    for (const client of owned) client.destroy();
  };
  return new Consumer(
    { consumerName: applicationName, metricsNamespace: applicationName, ...definedOnly(rest), workerId },
    { clock: nodeClock, random: nodeRandom, cpuMeter: nodeMeter(), ...streamed, store, closeStore },
  );
};
