import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { type TestContext, test } from 'node:test';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { KinesisClient, ListStreamsCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Listening } from '../src/index.ts';
import { aCertificate, aServer, aSocket, callHeaders, closed, countBytes, send } from './fixture.ts';

const aSdk = (t: TestContext, { port }: Listening, options: object = {}): KinesisClient => {
  const client = new KinesisClient({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: '123456789012', secretAccessKey: 'secret' },
    ...options,
  });
  t.after(() => client.destroy());
  return client;
};

const sdkModes: Readonly<Record<string, () => object>> = {
  'HTTP/2 with prior knowledge': () => ({}),
  'HTTP/1.1': () => ({ requestHandler: new NodeHttpHandler() }),
};
for (const [mode, options] of Object.entries(sdkModes)) {
  test(`the SDK calls over ${mode}`, async (t) => {
    const client = aSdk(t, await aServer(t), options());
    const answer = await client.send(new ListStreamsCommand({}));
    assert.deepEqual(answer.StreamNames, ['123456789012', 'eu-central-1']);
    assert.ok(answer.$metadata.requestId && answer.$metadata.extendedRequestId);
  });

  test(`the SDK makes many calls at once over ${mode}`, async (t) => {
    const client = aSdk(t, await aServer(t), options());
    const lengths = Array.from({ length: 40 }, (_, index) => index * 5000);
    const answers = await Promise.all(
      lengths.map((length) =>
        client.send(new PutRecordCommand({ Data: new Uint8Array(length), PartitionKey: 'k' })),
      ),
    );
    assert.deepEqual(
      answers.map(({ SequenceNumber }) => Number(SequenceNumber)),
      lengths,
    );
  });

  test(`the largest record arrives over ${mode}`, async (t) => {
    const client = aSdk(t, await aServer(t), options());
    const Data = new Uint8Array(10 * 1024 * 1024).fill(7);
    const { SequenceNumber } = await client.send(new PutRecordCommand({ Data, PartitionKey: 'k' }));
    assert.equal(Number(SequenceNumber), Data.length);
  });

  test(`the SDK knows our errors over ${mode}`, async (t) => {
    const client = aSdk(t, await aServer(t), options());
    const { DeleteStreamCommand } = await import('@aws-sdk/client-kinesis');
    await assert.rejects(client.send(new DeleteStreamCommand({ StreamName: 'lost' })), {
      name: 'ResourceNotFoundException',
      message: 'Stream lost under account 1 not found.',
    });
  });
}

/** One call on a session of HTTP/2. */
const callHttp2 = async (session: ClientHttp2Session, operation: string, body: string) => {
  const stream = session.request({ ':method': 'POST', ':path': '/', ...callHeaders(operation) });
  stream.end(body);
  const [headers] = await once(stream, 'response');
  const bytes = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
  return { status: headers[':status'] as number, headers, text: bytes.toString() };
};

/** TLS to the server; `protocols` undefined agrees on none, as Java's SDK does. */
const aTlsSocket = async (t: TestContext, { port }: Listening, protocols?: string[]): Promise<TLSSocket> => {
  const { cert } = await aCertificate();
  const options = { port, host: '127.0.0.1', ca: cert, checkServerIdentity: () => undefined };
  const socket = connectTls({ ...options, ...(protocols && { ALPNProtocols: protocols }) });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
};

const aSession = (t: TestContext, socket?: TLSSocket, port = 0): ClientHttp2Session => {
  const authority = socket ? 'https://localhost' : `http://127.0.0.1:${port}`;
  const session = connectHttp2(authority, socket ? { createConnection: () => socket } : {});
  session.on('error', () => undefined);
  t.after(() => session.destroy());
  return session;
};

const LIST = '{"StreamNames":["000000000000","eu-west-1"],"HasMoreStreams":false}';

test('TLS with HTTP/1.1', async (t) => {
  const { port } = await aServer(t, { tls: aCertificate });
  const { cert } = await aCertificate();
  const sent = httpsRequest({
    port,
    host: '127.0.0.1',
    ca: cert,
    checkServerIdentity: () => undefined,
    method: 'POST',
    headers: callHeaders('ListStreams'),
    agent: false,
  });
  sent.end('{}');
  const [response] = await once(sent, 'response');
  const bytes = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>));
  assert.deepEqual([response.statusCode, bytes.toString()], [200, LIST]);
});

test('TLS with HTTP/2 agreed on', async (t) => {
  const socket = await aTlsSocket(t, await aServer(t, { tls: aCertificate }), ['h2']);
  assert.equal(socket.alpnProtocol, 'h2');
  const { status, text } = await callHttp2(aSession(t, socket), 'ListStreams', '{}');
  assert.deepEqual([status, text], [200, LIST]);
});

test('TLS with HTTP/2 that nobody agreed on', async (t) => {
  const socket = await aTlsSocket(t, await aServer(t, { tls: aCertificate }));
  assert.equal(socket.alpnProtocol, false);
  const { status, text } = await callHttp2(aSession(t, socket), 'ListStreams', '{}');
  assert.deepEqual([status, text], [200, LIST]);
});

test('the largest body arrives over TLS with HTTP/2', async (t) => {
  const server = await aServer(t, { tls: aCertificate, handle: countBytes });
  const session = aSession(t, await aTlsSocket(t, server, ['h2']));
  const body = 'x'.repeat(14 * 1024 * 1024);
  assert.equal((await callHttp2(session, 'PutRecord', body)).text, String(body.length));
});

test('many calls share one session of HTTP/2', async (t) => {
  const { port } = await aServer(t);
  const session = aSession(t, undefined, port);
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => callHttp2(session, 'ListStreams', '{}')),
  );
  assert.ok(answers.every(({ status, text }) => status === 200 && text === LIST));
});

test('HTTP/2 is offered as many streams as Java wants, and pings are answered', async (t) => {
  const { port } = await aServer(t);
  const session = aSession(t, undefined, port);
  await once(session, 'remoteSettings');
  assert.ok((session.remoteSettings.maxConcurrentStreams ?? 0) >= 100_000);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  session.ping((error) => (error ? reject(error) : resolve()));
  await promise;
});

test('HEAD and an empty answer work over HTTP/2', async (t) => {
  const { port } = await aServer(t);
  const session = aSession(t, undefined, port);
  const head = session.request({ ':method': 'HEAD', ':path': '/' });
  const [headers] = await once(head, 'response');
  assert.equal(headers[':status'], 403);
  assert.equal(Buffer.concat(await Array.fromAsync(head as AsyncIterable<Buffer>)).length, 0);
  const { status, text } = await callHttp2(session, 'DeleteStream', '{"StreamName":"good"}');
  assert.deepEqual([status, text], [200, '']);
});

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const SETTINGS = Buffer.from('000000040000000000', 'hex');

/** Sends each byte in a packet of its own. */
const dribble = async (socket: Awaited<ReturnType<typeof aSocket>>, bytes: Buffer): Promise<void> => {
  socket.setNoDelay(true);
  for (const byte of bytes) {
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.write(Buffer.from([byte]), () => setImmediate(resolve));
    await promise;
  }
};

test('HTTP/2 is recognised byte by byte', async (t) => {
  const socket = await aSocket(t, await aServer(t));
  await dribble(socket, Buffer.concat([Buffer.from(PREFACE), SETTINGS]));
  // The server's SETTINGS frame: type 4.
  assert.equal(socket.heard.charCodeAt(3), 4);
});

for (const start of [
  'POST / HTTP/1.1',
  'PUT / HTTP/1.1',
  'P / HTTP/1.1',
  'PRI / HTTP/1.1',
  'GET / HTTP/1.1',
]) {
  test(`${start} is recognised byte by byte as HTTP/1.1`, async (t) => {
    const socket = await aSocket(t, await aServer(t));
    await dribble(
      socket,
      Buffer.from(`${start}\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`),
    );
    await closed(socket);
    assert.match(socket.heard, /^HTTP\/1\.1 4/);
  });
}

test('the key is asked for at the first TLS connection alone, and asked again after a failure', async (t) => {
  let asked = 0;
  const faults: unknown[] = [];
  const server = await aServer(t, {
    tls: async () => {
      asked += 1;
      if (asked === 1) throw new Error('the disk is away');
      return aCertificate();
    },
    onFault: (error) => faults.push(error),
  });
  await send(server, { headers: callHeaders('ListStreams') }, '{}');
  assert.equal(asked, 0);
  await assert.rejects(aTlsSocket(t, server));
  assert.equal(faults.length, 1);
  await aTlsSocket(t, server);
  await aTlsSocket(t, server);
  assert.equal(asked, 2);
  assert.equal((await send(server, { headers: callHeaders('ListStreams') }, '{}')).status, 200);
});

test('pipelined requests of HTTP/1.1 are answered in their order', async (t) => {
  const waits = [30, 0, 15, 0];
  const server = await aServer(t, {
    handle: async (request) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, waits[Number(request.target.slice(1))]);
      await promise;
      return { status: 200, headers: {}, body: Buffer.from(`answer ${request.target}.`) };
    },
  });
  const socket = await aSocket(t, server);
  const requests = waits.map((_, index) => {
    const last = index === waits.length - 1 ? 'Connection: close\r\n' : '';
    return `POST /${index} HTTP/1.1\r\nHost: a\r\n${last}Content-Length: 2\r\n\r\n{}`;
  });
  socket.write(requests.join(''));
  await closed(socket);
  assert.deepEqual(socket.heard.match(/answer .\d\./g), [
    'answer /0.',
    'answer /1.',
    'answer /2.',
    'answer /3.',
  ]);
});
