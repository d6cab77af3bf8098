import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { definedOnly, keepAliveHandler, nodeClock, SILENT_LOGGER } from '@millrace/client-common';
import { Producer, type ProducerOptions } from './producer.ts';
import { SdkTransport } from './sdk-transport.ts';
import { type Settings, settingsFrom } from './settings.ts';

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
  const requestHandler = keepAliveHandler({ connectionsMax: connectionsMax + 1, connectTimeoutMs });
  return new KinesisClient({ ...given, requestHandler, maxAttempts: 1, logger: SILENT_LOGGER });
};

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
