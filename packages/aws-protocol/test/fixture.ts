import { once } from 'node:events';
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { ServiceModel } from '@millrace/aws-model';
import type { Clock, Random } from '@millrace/core';
import { generate } from 'selfsigned';
import {
  type BoundService,
  createPipeline,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type Listening,
  type ListenOptions,
  listen,
  type PipelineOptions,
  ServiceError,
  type Unsupported,
  unsupported,
} from '../src/index.ts';

export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

export const random: Random = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  uuid: () => crypto.randomUUID(),
};

const post = { method: 'POST', requestUri: '/' };

/** A small part of Kinesis, enough for its SDK. */
const model: ServiceModel = {
  name: 'kinesis',
  fullName: 'A small Kinesis',
  protocol: 'json',
  targetPrefix: 'Kinesis_20131202',
  signingName: 'kinesis',
  operations: {
    PutRecord: { http: post, input: 'PutRecordInput', output: 'PutRecordOutput', errors: [] },
    ListStreams: { http: post, output: 'ListStreamsOutput', errors: [] },
    DeleteStream: { http: post, input: 'DeleteStreamInput', errors: [] },
    DescribeLimits: { http: post, errors: [] },
    SubscribeToShard: { http: post, output: 'SubscribeToShardOutput', errors: [] },
    MergeShards: { http: post, errors: [] },
  },
  shapes: {
    PutRecordInput: {
      type: 'structure',
      members: { Data: { shape: 'Data' }, PartitionKey: { shape: 'Key' }, StreamName: { shape: 'Name' } },
      required: ['Data'],
    },
    PutRecordOutput: {
      type: 'structure',
      members: { ShardId: { shape: 'Name' }, SequenceNumber: { shape: 'Key' } },
      required: [],
    },
    ListStreamsOutput: {
      type: 'structure',
      members: { StreamNames: { shape: 'Names' }, HasMoreStreams: { shape: 'Flag' } },
      required: [],
    },
    DeleteStreamInput: {
      type: 'structure',
      members: { StreamName: { shape: 'Name' } },
      required: ['StreamName'],
    },
    SubscribeToShardOutput: {
      type: 'structure',
      members: { EventStream: { shape: 'EventStream' } },
      required: ['EventStream'],
    },
    EventStream: {
      type: 'structure',
      members: {
        SubscribeToShardEvent: { shape: 'SubscribeToShardEvent' },
        ResourceInUseException: { shape: 'AnException' },
        InternalFailureException: { shape: 'AnException' },
      },
      required: [],
      eventStream: true,
    },
    SubscribeToShardEvent: {
      type: 'structure',
      members: { ContinuationSequenceNumber: { shape: 'Key' }, Data: { shape: 'Data' } },
      required: [],
    },
    AnException: {
      type: 'structure',
      members: { message: { shape: 'Key' } },
      required: [],
      exception: { status: 400, fault: false },
    },
    Names: { type: 'list', member: 'Name' },
    Name: { type: 'string', min: 1, max: 128, pattern: '[a-zA-Z0-9_.-]+' },
    Key: { type: 'string', min: 1, max: 256 },
    Data: { type: 'blob', max: 10_485_760 },
    Flag: { type: 'boolean' },
  },
};

/** PutRecord answers how much data came; ListStreams answers for whom it was called. */
const handlers: Readonly<Record<string, Handler | Unsupported>> = {
  PutRecord: async (input) => {
    const { Data } = input as { Data: Uint8Array };
    return { ShardId: 'shardId-000000000000', SequenceNumber: String(Data.length) };
  },
  ListStreams: async (_input, { account, region }) => ({
    StreamNames: [account, region],
    HasMoreStreams: false,
  }),
  DeleteStream: async (input) => {
    const { StreamName } = input as { StreamName: string };
    if (StreamName === 'cracked') throw new TypeError('a bug of ours');
    if (StreamName === 'lost')
      throw new ServiceError('ResourceNotFoundException', 'Stream lost under account 1 not found.');
  },
  DescribeLimits: unsupported('limits are not counted yet'),
};

export const aService = (changes: Readonly<Record<string, Handler>> = {}): BoundService => ({
  model,
  handlers: new Map(Object.entries({ ...handlers, ...changes })),
});

export const aPipeline = (options: Partial<PipelineOptions> = {}) =>
  createPipeline({
    services: [aService()],
    clock,
    random,
    account: { defaultAccountId: '000000000000', defaultRegion: 'us-east-1' },
    onFault: (_id, error) => {
      throw error;
    },
    ...options,
  });

export const text = (body: string, status = 200): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from(body),
});

/** A server on a free port that is closed when the test ends. */
export const aServer = async (t: TestContext, options: Partial<ListenOptions> = {}): Promise<Listening> => {
  const listening = await listen({
    host: '127.0.0.1',
    port: 0,
    clock,
    handle: aPipeline(),
    onFault: (error) => {
      throw error;
    },
    ...options,
  });
  t.after(() => listening.close(0));
  return listening;
};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

/** One request over HTTP/1.1 on a connection of its own. */
export const send = async (
  { port }: Listening,
  options: RequestOptions,
  body: string | Uint8Array = '',
): Promise<Answer> => {
  const sent = request({ host: '127.0.0.1', port, method: 'POST', agent: false, ...options });
  // Node's client frames no body of a GET by itself.
  if (body.length > 0) sent.setHeader('content-length', Buffer.byteLength(body));
  sent.end(body);
  const [response] = await once(sent, 'response');
  const bytes = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>));
  return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() };
};

export const authorization =
  'AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-west-1/kinesis/aws4_request, SignedHeaders=host, Signature=ab12';

/** Headers of a good call. */
export const callHeaders = (operation: string, contentType = 'application/x-amz-json-1.1') => ({
  'content-type': contentType,
  'x-amz-target': `Kinesis_20131202.${operation}`,
  'x-amz-date': '20260101T000000Z',
  authorization,
});

export const call = (server: Listening, operation: string, input: unknown, headers = {}): Promise<Answer> =>
  send(server, { headers: { ...callHeaders(operation), ...headers } }, JSON.stringify(input));

/** A bare connection that remembers what came and survives being cut off. */
export const aSocket = async (t: TestContext, { port }: Listening): Promise<Socket & { heard: string }> => {
  const socket = Object.assign(connect(port, '127.0.0.1'), { heard: '' });
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    socket.heard += chunk.toString('latin1');
  });
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
};

/** Resolves when the connection is closed, in whatever way. */
export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });

let certificate: Promise<{ key: string; cert: string }> | undefined;

/** One self-signed certificate for all tests of a file. */
export const aCertificate = (): Promise<{ key: string; cert: string }> => {
  certificate ??= generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' }).then(
    ({ private: key, cert }) => ({ key, cert }),
  );
  return certificate;
};

/** Answers with the number of bytes that came. */
export const countBytes = async (request: HttpRequest): Promise<HttpResponse> =>
  text(String(request.body.length));
