import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { clientEnvironment } from '../config/client-environment.ts';
import type { ClientOptions } from './client-options.ts';

/** Requests under way at one time; the connections are kept between them. */
const CONNECTIONS_MAX = 64;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * A client for Millrace or AWS. HTTP/1.1 with kept connections: the SDK's default for Kinesis opens one for
 * every call. It does not retry by itself; the commands know better what is worth another try.
 */
export const kinesisClient = (options: ClientOptions): KinesisClient => {
  const { endpoint, region, credentials } = clientEnvironment();
  const endpointUrl = options.endpointUrl ?? endpoint;
  return new KinesisClient({
    region: options.region ?? region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      httpAgent: { maxSockets: CONNECTIONS_MAX },
      httpsAgent: { maxSockets: CONNECTIONS_MAX },
    }),
    ...(options.aws === true ? {} : { endpoint: endpointUrl }),
    ...(options.aws === true || credentials === undefined ? {} : { credentials }),
  });
};
