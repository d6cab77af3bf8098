import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import {
  KinesisClient,
  SubscribeToShardCommand,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { cborCodec } from '../src/codecs/cbor.ts';
import { type Handler, ServiceError } from '../src/index.ts';
import { aPipeline, aServer, aService, aSocket, callHeaders, send } from './fixture.ts';

const modes: Readonly<Record<string, () => object>> = {
  'HTTP/2': () => ({}),
  'HTTP/1.1': () => ({ requestHandler: new NodeHttpHandler() }),
};
const input = { ConsumerARN: 'a', ShardId: 'shardId-0', StartingPosition: { Type: 'LATEST' as const } };
const event = (number: string) => ({
  SubscribeToShardEvent: { ContinuationSequenceNumber: number, Data: Buffer.from('blob') },
});

/** A server whose SubscribeToShard answers these events. */
const subscribing = (
  t: TestContext,
  events: (signal: AbortSignal) => AsyncIterable<unknown>,
  faults: unknown[] = [],
) => {
  const SubscribeToShard: Handler = async (_input, { signal }) => ({ EventStream: events(signal) });
  const handle = aPipeline({
    services: [aService({ SubscribeToShard })],
    onFault: (_id, error) => faults.push(error),
  });
  return aServer(t, { handle });
};

const subscribe = async (t: TestContext, port: number, options: object) => {
  const client = new KinesisClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    ...options,
  });
  t.after(() => client.destroy());
  const { EventStream } = await client.send(new SubscribeToShardCommand(input));
  assert.ok(EventStream);
  return EventStream;
};

const numbersOf = async (stream: AsyncIterable<SubscribeToShardEventStream>): Promise<unknown[]> =>
  Array.fromAsync(stream, ({ SubscribeToShardEvent }) => SubscribeToShardEvent?.ContinuationSequenceNumber);

for (const [mode, options] of Object.entries(modes)) {
  test(`the SDK reads a stream of events over ${mode}`, async (t) => {
    const server = await subscribing(t, async function* () {
      yield event('1');
      yield event('2');
    });
    assert.deepEqual(await numbersOf(await subscribe(t, server.port, options())), ['1', '2']);
  });

  test(`an event arrives over ${mode} before the next one is there`, async (t) => {
    const next = Promise.withResolvers<void>();
    const server = await subscribing(t, async function* () {
      yield event('1');
      await next.promise;
      yield event('2');
    });
    const iterator = (await subscribe(t, server.port, options()))[Symbol.asyncIterator]();
    assert.equal((await iterator.next()).value.SubscribeToShardEvent.ContinuationSequenceNumber, '1');
    next.resolve();
    assert.equal((await iterator.next()).value.SubscribeToShardEvent.ContinuationSequenceNumber, '2');
  });

  test(`the SDK throws what ends a stream over ${mode}`, async (t) => {
    const server = await subscribing(t, async function* () {
      yield event('1');
      throw new ServiceError('ResourceInUseException', 'Another one reads.');
    });
    const stream = await subscribe(t, server.port, options());
    await assert.rejects(numbersOf(stream), {
      name: 'ResourceInUseException',
      message: 'Another one reads.',
    });
  });
}

test('a bug in a stream is logged and ends it as an InternalFailureException', async (t) => {
  const faults: unknown[] = [];
  const server = await subscribing(
    t,
    async function* () {
      yield event('1');
      throw new TypeError('cracked');
    },
    faults,
  );
  await assert.rejects(numbersOf(await subscribe(t, server.port, {})), { name: 'InternalFailureException' });
  assert.equal(faults.length, 1);
});

test('a subscriber that leaves ends its stream', async (t) => {
  const ended = Promise.withResolvers<void>();
  const server = await subscribing(t, async function* (signal) {
    try {
      yield event('1');
      await once(signal, 'abort');
    } finally {
      ended.resolve();
    }
  });
  const socket = await aSocket(t, server);
  const lines = Object.entries({ ...callHeaders('SubscribeToShard'), 'content-length': 2, host: 'a' });
  socket.write(`POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{}`);
  while (!socket.heard.includes('SubscribeToShardEvent')) await once(socket, 'data');
  socket.destroy();
  await ended.promise;
});

test('an output without its stream is our fault', async (t) => {
  const faults: unknown[] = [];
  const SubscribeToShard: Handler = async () => ({});
  const handle = aPipeline({
    services: [aService({ SubscribeToShard })],
    onFault: (_id, error) => faults.push(error),
  });
  const { status } = await send(
    await aServer(t, { handle }),
    { headers: callHeaders('SubscribeToShard') },
    '{}',
  );
  assert.deepEqual([status, faults.length], [500, 1]);
});

test('a subscriber that speaks CBOR gets its events in CBOR', async (t) => {
  const server = await subscribing(t, async function* () {
    yield event('1');
  });
  const headers = callHeaders('SubscribeToShard', 'application/x-amz-cbor-1.1');
  const answer = await send(server, { headers }, Buffer.from([0xa0]));
  assert.equal(answer.headers['content-type'], 'application/vnd.amazon.eventstream');
  const payloads: unknown[] = [];
  for (let at = 0; at < answer.bytes.length; at += answer.bytes.readUInt32BE(at)) {
    const total = answer.bytes.readUInt32BE(at);
    const start = at + 12 + answer.bytes.readUInt32BE(at + 4);
    assert.match(answer.bytes.toString('latin1', at, start), /application\/x-amz-cbor-1\.1/);
    payloads.push(cborCodec.decode(answer.bytes.subarray(start, at + total - 4)));
  }
  const [initial, first] = payloads as [object, { ContinuationSequenceNumber: string; Data: Uint8Array }];
  assert.deepEqual(Object.keys(initial), []);
  assert.deepEqual([first.ContinuationSequenceNumber, Buffer.from(first.Data).toString()], ['1', 'blob']);
});
