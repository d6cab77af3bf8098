import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Clock } from './clock.ts';
import { Producer, type ProducerOptions } from './producer.ts';
import { SdkTransport } from './sdk-transport.ts';
import { type Settings, settingsFrom } from './settings.ts';

/** The machine's clock. */
const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  inBackground(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

export interface CreateProducerOptions extends ProducerOptions {
  /** Where Millrace is; without it the region's AWS endpoint. */
  readonly endpoint?: KinesisClientConfig['endpoint'];
  readonly region?: KinesisClientConfig['region'];
  readonly credentials?: KinesisClientConfig['credentials'];
  /** One of your own instead; give it `maxAttempts: 1`, since the producer tries again itself. You destroy it. */
  readonly client?: KinesisClient;
}

/** HTTP/1.1 with connections that stay open; the SDK's own way opens an HTTP/2 session for every call. */
const ownClient = (
  given: KinesisClientConfig,
  { connectionsMax, connectTimeoutMs }: Settings,
): KinesisClient => {
  // One more, so that the list of shards does not wait for records.
  const sockets = { keepAlive: true, maxSockets: connectionsMax + 1 };
  const requestHandler = new NodeHttpHandler({
    connectionTimeout: connectTimeoutMs,
    httpAgent: new HttpAgent(sockets),
    httpsAgent: new HttpsAgent(sockets),
  });
  return new KinesisClient({ ...given, requestHandler, maxAttempts: 1 });
};

/** The SDK takes an undefined member for a wish, and an absent one for its default. */
const definedOnly = (given: object): KinesisClientConfig =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/**
 * A producer for one stream, of AWS or of Millrace.
 *
 * ```ts
 * await using producer = createProducer({ streamName: 'orders', endpoint: 'http://127.0.0.1:4567' });
 * const { shardId } = await producer.put({ partitionKey: 'ada', data: Buffer.from('order 1') });
 * ```
 */
export const createProducer = (options: CreateProducerOptions): Producer => {
  const { endpoint, region, credentials, client, ...rest } = options;
  const { streamName, metricSink, meter, ...given } = rest;
  const settings = settingsFrom(given);
  const kinesis = client ?? ownClient(definedOnly({ endpoint, region, credentials }), settings);
  const transport = new SdkTransport(kinesis, streamName, client === undefined);
  return new Producer(rest, { clock: nodeClock, transport });
};
