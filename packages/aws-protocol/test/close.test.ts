import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { aCertificate, aServer, aSocket, call, callHeaders, closed, send, text } from './fixture.ts';

const LONG_MS = 60_000;

/** A handler that answers when it is let. */
const held = () => {
  const entered = Promise.withResolvers<AbortSignal>();
  const release = Promise.withResolvers<void>();
  const handle = async ({ signal }: { signal: AbortSignal }) => {
    entered.resolve(signal);
    await release.promise;
    return text('done');
  };
  return { handle, entered: entered.promise, release: release.resolve };
};

test('idle connections of every kind are closed at once', async (t) => {
  const server = await aServer(t, { tls: aCertificate });
  const fresh = await aSocket(t, server);
  const http1 = await aSocket(t, server);
  const lines = Object.entries({ ...callHeaders('ListStreams'), 'content-length': 2, host: 'a' });
  http1.write(`POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{}`);
  await once(http1, 'data');
  const session = connectHttp2(`http://127.0.0.1:${server.port}`);
  t.after(() => session.destroy());
  await once(session, 'remoteSettings');
  const tls = connectTls({ port: server.port, rejectUnauthorized: false });
  t.after(() => tls.destroy());
  tls.on('error', () => undefined);
  await once(tls, 'secureConnect');
  const goaway = once(session, 'goaway');
  const done = server.close(LONG_MS);
  await Promise.all([closed(fresh), closed(http1), closed(tls), goaway, done]);
});

test('a request in flight over HTTP/1.1 is finished and its connection closed', async (t) => {
  const { handle, entered, release } = held();
  const server = await aServer(t, { handle });
  const answer = send(server, { headers: { connection: 'keep-alive' } });
  await entered;
  const done = server.close(LONG_MS);
  release();
  const { text, headers } = await answer;
  assert.deepEqual([text, headers.connection], ['done', 'close']);
  await done;
});

test('a request in flight over HTTP/2 is finished', async (t) => {
  const { handle, entered, release } = held();
  const server = await aServer(t, { handle });
  const session = connectHttp2(`http://127.0.0.1:${server.port}`);
  t.after(() => session.destroy());
  const stream = session.request({ ':method': 'POST' });
  stream.end();
  await entered;
  const goaway = once(session, 'goaway');
  const done = server.close(LONG_MS);
  await goaway;
  release();
  assert.equal(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString(), 'done');
  await done;
});

test('nobody is let in any more', async (t) => {
  const { handle, entered, release } = held();
  const server = await aServer(t, { handle });
  const answer = send(server, {});
  await entered;
  const done = server.close(LONG_MS);
  await assert.rejects(call(server, 'ListStreams', {}), { code: 'ECONNREFUSED' });
  release();
  await Promise.all([answer, done]);
});

for (const protocol of ['HTTP/1.1', 'HTTP/2']) {
  test(`what is not finished at the deadline is cut off over ${protocol}, and knows`, async (t) => {
    const { handle, entered, release } = held();
    const server = await aServer(t, { handle });
    const session = protocol === 'HTTP/2' ? connectHttp2(`http://127.0.0.1:${server.port}`) : undefined;
    t.after(() => session?.destroy());
    session?.on('error', () => undefined);
    const stream = session?.request({ ':method': 'POST' });
    stream?.on('error', () => undefined);
    stream?.end();
    const answer = session ? undefined : assert.rejects(send(server, {}));
    const signal = await entered;
    assert.equal(signal.aborted, false);
    await server.close(30);
    await answer;
    if (!signal.aborted) await once(signal, 'abort');
    release();
  });

  test(`a streamed answer over ${protocol} is asked to end at once, and ends well`, async (t) => {
    const server = await aServer(t, {
      handle: async ({ signal }) => ({
        status: 200,
        headers: {},
        body: (async function* () {
          yield Buffer.from('first ');
          await once(signal, 'abort');
          yield Buffer.from('last');
        })(),
      }),
    });
    const session = protocol === 'HTTP/2' ? connectHttp2(`http://127.0.0.1:${server.port}`) : undefined;
    t.after(() => session?.destroy());
    const heard: string[] = [];
    const closing = Promise.withResolvers<void>();
    const take = (chunk: Buffer) => {
      heard.push(chunk.toString());
      if (heard.length === 1) closing.resolve(server.close(LONG_MS));
    };
    const ended = Promise.withResolvers<void>();
    const listen = (stream: Readable) => {
      stream.on('data', take);
      stream.on('end', ended.resolve);
    };
    if (session) {
      listen(session.request({ ':method': 'POST' }, { endStream: true }));
    } else {
      const sent = request({ port: server.port, host: '127.0.0.1', method: 'POST' });
      sent.on('response', listen);
      sent.end();
    }
    await Promise.all([closing.promise, ended.promise]);
    assert.equal(heard.join(''), 'first last');
  });
}

test('closing twice is closing once', async (t) => {
  const server = await aServer(t);
  await Promise.all([server.close(10), server.close(10)]);
  await server.close(10);
});

test('a port that is taken is an error and not a server', async (t) => {
  const server = await aServer(t);
  await assert.rejects(aServer(t, { port: server.port }), { code: 'EADDRINUSE' });
});
