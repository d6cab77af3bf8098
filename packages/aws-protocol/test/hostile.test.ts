import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Listening } from '../src/index.ts';
import { aCertificate, aServer, aSocket, call, callHeaders, closed, send } from './fixture.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
const SETTINGS = Buffer.from('000000040000000000', 'hex');
const REQUEST_LINE = 'POST / HTTP/1.1\r\nHost: a\r\n';

/** Short enough for a test, and none of them decides it alone. */
const impatient = {
  recogniseMs: 60,
  headersMs: 60,
  requestMs: 90,
  tlsHandshakeMs: 60,
  sessionIdleMs: 60,
  keepAliveMs: 60,
};

const stillServes = async (server: Listening): Promise<void> => {
  assert.equal((await call(server, 'ListStreams', {})).status, 200);
};

/** HEADERS for `POST http://a/` without END_STREAM, from HPACK's static table. */
const HEADERS = Buffer.from('000006010400000001838486410161', 'hex');

const silent: Readonly<Record<string, string | Buffer>> = {
  nothing: '',
  'the first byte of a method': 'P',
  'half a preface': PREFACE.subarray(0, 20),
  'half a line': 'POST / HT',
  'half its headers': `${REQUEST_LINE}Content-Le`,
  'half a body': `${REQUEST_LINE}Content-Length: 10\r\n\r\nhalf`,
  'a preface': PREFACE,
  'half a frame of HTTP/2': Buffer.concat([PREFACE, SETTINGS, Buffer.from('00ff', 'hex')]),
  'settings alone': Buffer.concat([PREFACE, SETTINGS]),
  'half a TLS hello': Buffer.from('1603010200010001fc0303', 'hex'),
};
for (const [what, bytes] of Object.entries(silent)) {
  test(`a connection that sends ${what} and falls silent is closed`, async (t) => {
    const server = await aServer(t, { limits: impatient, tls: aCertificate });
    const socket = await aSocket(t, server);
    if (bytes.length > 0) socket.write(bytes);
    await closed(socket);
    await stillServes(server);
  });

  test(`a connection that sends ${what} and ends is closed`, async (t) => {
    const server = await aServer(t, { tls: aCertificate });
    const socket = await aSocket(t, server);
    socket.end(bytes);
    await closed(socket);
    await stillServes(server);
  });
}

test('a body over HTTP/2 that does not come in time loses its stream', async (t) => {
  const server = await aServer(t, { limits: { requestMs: 60, headersMs: 50 } });
  const socket = await aSocket(t, server);
  socket.write(Buffer.concat([PREFACE, SETTINGS, HEADERS]));
  // RST_STREAM of stream 1 with CANCEL.
  const reset = Buffer.from('00000403000000000100000008', 'hex').toString('latin1');
  while (!socket.heard.includes(reset)) await once(socket, 'data');
  await stillServes(server);
});

test('a connection between two requests is closed only when it has been idle for long', async (t) => {
  const server = await aServer(t, { limits: { ...impatient, keepAliveMs: 1 } });
  const socket = await aSocket(t, server);
  const lines = Object.entries({ ...callHeaders('ListStreams'), 'content-length': 2 });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${REQUEST_LINE}${head}\r\n{}`);
  await closed(socket);
  assert.match(socket.heard, /^HTTP\/1\.1 200 /);
});

test('a header that is too long is refused', async (t) => {
  const server = await aServer(t, { limits: { headerBytesMax: 4096 } });
  const { status } = await send(server, { headers: { 'x-long': 'x'.repeat(5000) } });
  assert.equal(status, 431);
  await stillServes(server);
});

test('a thousand idle connections leave room for others', { timeout: 20_000 }, async (t) => {
  const server = await aServer(t);
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let batch = 0; batch < 10; batch += 1) {
    const opened = Array.from({ length: 100 }, () => connect(server.port, '127.0.0.1'));
    sockets.push(...opened);
    await Promise.all(opened.map((socket) => once(socket, 'connect')));
  }
  await stillServes(server);
  assert.ok(sockets.every((socket) => !socket.destroyed));
});

test('a connection too many is closed at once, and the others stay', async (t) => {
  const server = await aServer(t, { limits: { connectionsMax: 2 } });
  const first = await aSocket(t, server);
  const second = await aSocket(t, server);
  await closed(await aSocket(t, server));
  assert.ok(!first.destroyed && !second.destroyed);
  first.destroy();
  await closed(first);
  // The server learns of it a moment later.
  for (;;) {
    const answer = await call(server, 'ListStreams', {}).catch(() => undefined);
    if (answer?.status === 200) break;
  }
});

test('a TLS hello to a server without a key is closed', async (t) => {
  const server = await aServer(t);
  const socket = await aSocket(t, server);
  socket.write(Buffer.from('1603010200', 'hex'));
  await closed(socket);
  await stillServes(server);
});

/** Sends the bytes and leaves; resolves when the connection is closed. */
const throwAt = async (t: TestContext, server: Listening, bytes: Uint8Array): Promise<void> => {
  const socket = await aSocket(t, server);
  socket.end(bytes);
  await closed(socket);
};

const starts: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'a preface': PREFACE,
  'a preface and settings': Buffer.concat([PREFACE, SETTINGS]),
  'a preface and open headers': Buffer.concat([PREFACE, SETTINGS, HEADERS]),
  'a TLS record': Buffer.from('160301', 'hex'),
  'a request line': Buffer.from(REQUEST_LINE),
};
for (const [what, start] of Object.entries(starts)) {
  test(`garbage after ${what} closes its connection and nothing else`, async (t) => {
    const server = await aServer(t, { tls: aCertificate });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (garbage) => {
        await throwAt(t, server, Buffer.concat([start, garbage]));
      }),
      { numRuns: 40 },
    );
    await stillServes(server);
  });
}

test('frames of HTTP/2 with true headers and false contents close no more than their connection', async (t) => {
  const frame = fc
    .record({
      type: fc.integer({ min: 0, max: 12 }),
      flags: fc.integer({ min: 0, max: 255 }),
      stream: fc.constantFrom(0, 1, 2, 3, 2 ** 31 - 1),
      payload: fc.uint8Array({ maxLength: 40 }),
    })
    .map(({ type, flags, stream, payload }) => {
      const head = Buffer.alloc(9);
      head.writeUIntBE(payload.length, 0, 3);
      head.writeUInt8(type, 3);
      head.writeUInt8(flags, 4);
      head.writeUInt32BE(stream, 5);
      return Buffer.concat([head, payload]);
    });
  const server = await aServer(t);
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 8 }), async (frames) => {
      await throwAt(t, server, Buffer.concat([PREFACE, SETTINGS, HEADERS, ...frames]));
    }),
    { numRuns: 60 },
  );
  await stillServes(server);
});
