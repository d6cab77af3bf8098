import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2';
import { type TestContext, test } from 'node:test';
import type { HttpResponse, Listening } from '../src/index.ts';
import { aServer, aSocket, call, closed, countBytes, send, text } from './fixture.ts';

const aSession = (t: TestContext, { port }: Listening): ClientHttp2Session => {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  t.after(() => session.destroy());
  return session;
};

const small = { bodyBytesMax: 1000, discardBytesMax: 1_000_000 };

test('a body with a declared length that is too long is refused before it comes', async (t) => {
  const server = await aServer(t, { limits: small, handle: countBytes });
  const { status, bytes, headers } = await send(server, {}, 'x'.repeat(1001));
  assert.deepEqual([status, bytes.length, headers.connection], [413, 0, 'close']);
  assert.equal((await send(server, {}, 'x'.repeat(1000))).text, '1000');
});

test('a body without a declared length is refused when it has become too long', async (t) => {
  const server = await aServer(t, { limits: small, handle: countBytes });
  const headers = { 'transfer-encoding': 'chunked' };
  const sent = request({ port: server.port, host: '127.0.0.1', method: 'POST', headers, agent: false });
  sent.write('x'.repeat(600));
  sent.end('x'.repeat(600));
  const [response] = await once(sent, 'response');
  assert.equal(response.statusCode, 413);
  response.resume();
  await once(response, 'end');
});

test('a client that sends first and reads later still gets its 413', async (t) => {
  const server = await aServer(t, { limits: small });
  const socket = await aSocket(t, server);
  socket.pause();
  socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n${'x'.repeat(500_000)}`);
  if (socket.writableLength > 0) await once(socket, 'drain');
  socket.resume();
  await closed(socket);
  assert.match(socket.heard, /^HTTP\/1\.1 413 /);
});

test('who floods on after a 413 is cut off', async (t) => {
  const server = await aServer(t, { limits: { bodyBytesMax: 1000, discardBytesMax: 10_000 } });
  const socket = await aSocket(t, server);
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
  const flood = () => {
    while (!socket.destroyed && socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`));
  };
  socket.on('drain', flood);
  flood();
  await closed(socket);
  assert.match(socket.heard, /^(HTTP\/1\.1 413 |$)/);
  assert.equal((await call(server, 'ListStreams', {})).status, 200);
});

for (const declared of [true, false]) {
  test(`a body ${declared ? 'declared' : 'found'} too long is refused over HTTP/2, and the session lives on`, async (t) => {
    const session = aSession(t, await aServer(t, { limits: small, handle: countBytes }));
    const length = declared ? { 'content-length': 5000 } : {};
    const stream = session.request({ ':method': 'POST', ...length });
    stream.end('x'.repeat(5000));
    const [headers] = await once(stream, 'response');
    assert.equal(headers[':status'], 413);
    stream.resume();
    await once(stream, 'close');
    const next = session.request({ ':method': 'POST' });
    next.end('abc');
    assert.equal(Buffer.concat(await Array.fromAsync(next as AsyncIterable<Buffer>)).toString(), '3');
  });
}

test('a body of many small pieces arrives whole', async (t) => {
  const server = await aServer(t, { handle: async ({ body }) => ({ status: 200, headers: {}, body }) });
  const sent = request({ port: server.port, host: '127.0.0.1', method: 'POST', agent: false });
  const pieces = Array.from({ length: 3000 }, (_, index) => `${index},`);
  for (const piece of pieces) sent.write(piece);
  sent.end();
  const [response] = await once(sent, 'response');
  const bytes = Buffer.concat(await Array.fromAsync(response as AsyncIterable<Buffer>));
  assert.equal(bytes.toString(), pieces.join(''));
});

test('bodies that together are too much are refused as transient, and room comes back', async (t) => {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await aServer(t, {
    limits: { bodiesBytesMax: 150_000 },
    handle: async ({ body, target }) => {
      if (target === '/wait') {
        started.resolve();
        await release.promise;
      }
      return text(String(body.length));
    },
  });
  const body = 'x'.repeat(100_000);
  const first = send(server, { path: '/wait' }, body);
  await started.promise;
  assert.equal((await send(server, {}, body)).status, 503);
  assert.equal((await send(server, {}, 'small')).text, '5');
  release.resolve();
  assert.equal((await first).text, '100000');
  assert.equal((await send(server, {}, body)).text, '100000');
});

test('announced bodies take no room before they come', async (t) => {
  const server = await aServer(t, { limits: { bodiesBytesMax: 1_000_000 }, handle: countBytes });
  for (let liar = 0; liar < 5; liar += 1) {
    const socket = await aSocket(t, server);
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\nx');
  }
  assert.equal((await send(server, {}, 'x'.repeat(300_000))).text, '300000');
});

test('a client that waits for leave is told to go on', async (t) => {
  const server = await aServer(t, { handle: countBytes });
  const headers = { expect: '100-continue', 'content-length': 5 };
  const sent = request({ port: server.port, host: '127.0.0.1', method: 'POST', headers, agent: false });
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.end('hello');
  const [response] = await once(sent, 'response');
  assert.equal((await Array.fromAsync(response as AsyncIterable<Buffer>)).toString(), '5');
});

test('a client that waits for leave to send too much gets none', async (t) => {
  const socket = await aSocket(t, await aServer(t, { limits: small }));
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n');
  await closed(socket);
  assert.match(socket.heard, /^HTTP\/1\.1 413 /);
});

test('leave is given over HTTP/2 too', async (t) => {
  const session = aSession(t, await aServer(t, { handle: countBytes }));
  const stream = session.request({ ':method': 'POST', expect: '100-continue' });
  await once(stream, 'continue');
  stream.end('hello');
  assert.equal((await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString(), '5');
});

/** Pieces until nobody wants more; tells how it ended. */
const endless = (piece: Uint8Array, signal: AbortSignal) => {
  const state = { pieces: 0, returned: Promise.withResolvers<void>(), signal };
  const body = (async function* () {
    try {
      for (;;) {
        state.pieces += 1;
        yield piece;
      }
    } finally {
      state.returned.resolve();
    }
  })();
  return { state, body };
};

const streamed = (body: AsyncIterable<Uint8Array>): HttpResponse => ({ status: 200, headers: {}, body });

test('a streamed answer comes piece by piece and ends', async (t) => {
  const server = await aServer(t, {
    handle: async () =>
      streamed(
        (async function* () {
          yield Buffer.from('one ');
          yield new Uint8Array(0);
          yield Buffer.from('two');
        })(),
      ),
  });
  const answer = await send(server, {});
  assert.deepEqual([answer.text, answer.headers['transfer-encoding']], ['one two', 'chunked']);
  const stream = aSession(t, server).request({ ':method': 'POST' });
  stream.end();
  assert.equal(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString(), 'one two');
});

for (const protocol of ['HTTP/1.1', 'HTTP/2'] as const) {
  /** Opens a request whose answer never ends; returns a way to leave. */
  const begin = async (t: TestContext, server: Listening): Promise<() => void> => {
    if (protocol === 'HTTP/1.1') {
      const socket = await aSocket(t, server);
      socket.pause();
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n');
      return () => socket.destroy();
    }
    const stream = aSession(t, server).request({ ':method': 'POST' });
    stream.on('error', () => undefined);
    stream.end();
    return () => stream.close(constants.NGHTTP2_CANCEL);
  };

  test(`an endless answer over ${protocol} waits for its reader and stops with it`, async (t) => {
    const opened = Promise.withResolvers<ReturnType<typeof endless>['state']>();
    const server = await aServer(t, {
      handle: async ({ signal }) => {
        const { state, body } = endless(new Uint8Array(64 * 1024), signal);
        opened.resolve(state);
        return streamed(body);
      },
    });
    const leave = await begin(t, server);
    const state = await opened.promise;
    // Written into full buffers, it stands still.
    let before = -1;
    while (state.pieces !== before) {
      before = state.pieces;
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, 20);
      await promise;
    }
    assert.ok(state.pieces < 1000, `${state.pieces} pieces`);
    assert.equal(state.signal.aborted, false);
    leave();
    await state.returned.promise;
    assert.equal(state.signal.aborted, true);
  });

  test(`a reader that stands still over ${protocol} is cut off`, async (t) => {
    const opened = Promise.withResolvers<ReturnType<typeof endless>['state']>();
    const server = await aServer(t, {
      limits: { stallMs: 50 },
      handle: async ({ signal }) => {
        const { state, body } = endless(new Uint8Array(64 * 1024), signal);
        opened.resolve(state);
        return streamed(body);
      },
    });
    await begin(t, server);
    await (await opened.promise).returned.promise;
  });

  test(`a reader that leaves a whole answer lying over ${protocol} is cut off`, async (t) => {
    const gone = Promise.withResolvers<void>();
    const server = await aServer(t, {
      limits: { stallMs: 50 },
      handle: async ({ signal }) => {
        signal.addEventListener('abort', () => gone.resolve());
        return { status: 200, headers: {}, body: new Uint8Array(32 * 1024 * 1024) };
      },
    });
    await begin(t, server);
    await gone.promise;
  });

  test(`a client that leaves before its answer aborts its call over ${protocol}`, async (t) => {
    const opened = Promise.withResolvers<AbortSignal>();
    const server = await aServer(t, {
      handle: async ({ signal }) => {
        opened.resolve(signal);
        await once(signal, 'abort');
        return text('too late');
      },
    });
    const leave = await begin(t, server);
    const signal = await opened.promise;
    leave();
    if (!signal.aborted) await once(signal, 'abort');
  });
}

test('a streamed answer that fails is cut off, so that nobody takes it for whole', async (t) => {
  const faults: unknown[] = [];
  const server = await aServer(t, {
    onFault: (error) => faults.push(error),
    handle: async () =>
      streamed(
        (async function* () {
          yield Buffer.from('one');
          throw new Error('cracked');
        })(),
      ),
  });
  await assert.rejects(send(server, {}));
  const stream = aSession(t, server).request({ ':method': 'POST' });
  stream.end();
  await assert.rejects(Array.fromAsync(stream as AsyncIterable<Buffer>));
  assert.equal(faults.length, 2);
});

test('a page answers GET and HEAD, and everything else goes to the services', async (t) => {
  const server = await aServer(t, {
    pages: ({ target }) => (target === '/health' ? text('well') : undefined),
  });
  const page = await send(server, { method: 'GET', path: '/health' });
  assert.deepEqual([page.status, page.text, page.headers['content-length']], [200, 'well', '4']);
  assert.ok(page.headers.date);
  const head = await send(server, { method: 'HEAD', path: '/health' });
  assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '4']);
  assert.equal((await send(server, { method: 'GET', path: '/other' })).status, 403);
  assert.equal((await send(server, { method: 'DELETE', path: '/health' })).status, 403);
});

test('a page or a handler that throws is answered with 500, and told', async (t) => {
  const faults: unknown[] = [];
  const throwing = () => {
    throw new Error('cracked');
  };
  const options = {
    pages: throwing,
    handle: async () => throwing(),
    onFault: (error: unknown) => faults.push(error),
  };
  const server = await aServer(t, options);
  assert.equal((await send(server, { method: 'GET' })).status, 500);
  assert.equal((await send(server, {})).status, 500);
  const stream = aSession(t, server).request({ ':method': 'POST' }, { endStream: true });
  assert.equal((await once(stream, 'response'))[0][':status'], 500);
  assert.equal(faults.length, 3);
});

test('answers that nobody reads are bounded: a large one more is refused as transient, a small one goes out', async (t) => {
  const limits = { answersBytesMax: 40_000_000, largeAnswerBytes: 1000 };
  const sizes: Readonly<Record<string, number>> = { '/page': 30_000_000, '/small': 999 };
  const server = await aServer(t, {
    limits,
    handle: async ({ target }) => text('x'.repeat(sizes[target] ?? 0)),
  });
  const slow = request({ port: server.port, host: '127.0.0.1', method: 'POST', agent: false, path: '/page' });
  slow.end('');
  const [unread] = (await once(slow, 'response')) as [IncomingMessage];
  assert.equal((await send(server, { path: '/page' }, '')).status, 503);
  assert.equal((await send(server, { path: '/small' }, '')).status, 200);
  unread.resume();
  await once(unread, 'end');
  assert.equal((await send(server, { path: '/page' }, '')).status, 200);
});
