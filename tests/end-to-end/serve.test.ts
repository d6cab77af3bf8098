import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { millrace, runMillrace, serverProcess } from '../support/millrace-process.ts';
import { call } from '../support/raw-call.ts';

describe('millrace serve', { timeout: 60_000 }, () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-serve-'));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const streamNames = async (endpoint: string): Promise<string[]> =>
    (await call<{ StreamNames: string[] }>(endpoint, 'ListStreams', {})).StreamNames;

  test('says that it is healthy as soon as it says that it is ready', async () => {
    const server = await serverProcess('--port', '0', '--data-dir', ':memory:');
    const answer = await fetch(`${server.endpoint}/health`);
    assert.deepEqual([answer.status, await answer.json()], [200, { status: 'ok' }]);
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('makes the streams it is told to, once, and they are there before it is ready', async () => {
    const flags = ['--port', '0', '--data-dir', join(directory, 'made'), '--stream', 'a:3', '--stream', 'b'];
    for (const _start of ['first', 'second']) {
      const server = await serverProcess(...flags);
      assert.deepEqual(await streamNames(server.endpoint), ['a', 'b']);
      const { Shards } = await call<{ Shards: object[] }>(server.endpoint, 'ListShards', { StreamName: 'a' });
      assert.equal(Shards.length, 3);
      assert.equal(await server.end('SIGTERM'), 0);
    }
  });

  test('keeps what it acknowledged through kill -9', async () => {
    const flags = ['--port', '0', '--data-dir', join(directory, 'killed')];
    const first = await serverProcess(...flags, '--stream', 'a');
    await call(first.endpoint, 'PutRecord', { StreamName: 'a', PartitionKey: 'k', Data: 'aGVsbG8=' });
    await first.end('SIGKILL');
    const second = await serverProcess(...flags);
    const { ShardIterator } = await call<{ ShardIterator: string }>(second.endpoint, 'GetShardIterator', {
      StreamName: 'a',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records } = await call<{ Records: { Data: string }[] }>(second.endpoint, 'GetRecords', {
      ShardIterator,
    });
    assert.deepEqual(
      Records.map(({ Data }) => Data),
      ['aGVsbG8='],
    );
    assert.equal(await second.end('SIGTERM'), 0);
  });

  test('refuses a data directory that another process holds', async () => {
    const flags = ['--port', '0', '--data-dir', join(directory, 'held')];
    const server = await serverProcess(...flags);
    const { code, stderr } = await runMillrace('serve', ...flags);
    assert.equal(code, 1);
    assert.match(stderr, /is in use by another Millrace process/);
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('refuses to be open to the network without access control', async () => {
    const { code, stderr } = await runMillrace('serve', '--host', '0.0.0.0', '--data-dir', ':memory:');
    assert.equal(code, 1);
    assert.match(stderr, /--insecure/);
  });

  test('says which port is taken', async () => {
    const server = await serverProcess('--port', '0', '--data-dir', ':memory:');
    const { code, stderr } = await runMillrace(
      'serve',
      '--port',
      String(server.port),
      '--data-dir',
      ':memory:',
    );
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`${server.port}`));
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('speaks TLS on the same port with a certificate that it keeps', async () => {
    const flags = ['--port', '0', '--data-dir', join(directory, 'tls')];
    const fingerprints: string[] = [];
    for (const _start of ['first', 'second']) {
      const server = await serverProcess(...flags);
      const call = request(`https://127.0.0.1:${server.port}/health`, {
        rejectUnauthorized: false,
        agent: false,
      }).end();
      const [answer] = await once(call, 'response');
      assert.equal(answer.statusCode, 200);
      fingerprints.push(answer.socket.getPeerCertificate().fingerprint256);
      answer.resume();
      await once(answer, 'end');
      assert.equal(await server.end('SIGTERM'), 0);
    }
    assert.equal(fingerprints[0], fingerprints[1]);
  });
});

describe('millrace put and tail', { timeout: 60_000 }, () => {
  test('lines of standard input come out as they went in, whatever their bytes', async () => {
    const server = await serverProcess('--port', '0', '--data-dir', ':memory:', '--stream', 's');
    const put = millrace('put', 's', '--partition-key', '=k', '--endpoint-url', server.endpoint);
    const closed = once(put, 'close');
    const lines = Buffer.from('first\n\n\xff\xfe binary\nlast', 'latin1');
    put.stdin?.end(lines);
    const [messages, [code]] = await Promise.all([text(put.stderr), closed]);
    assert.equal(code, 0, messages);
    assert.match(messages, /^4 records put/);

    const tail = millrace(
      'tail',
      's',
      '--from',
      'earliest',
      '--until-caught-up',
      '--endpoint-url',
      server.endpoint,
    );
    const chunks: Buffer[] = [];
    for await (const chunk of tail.stdout) chunks.push(chunk as Buffer);
    assert.deepEqual(Buffer.concat(chunks), Buffer.concat([lines, Buffer.from('\n')]));
    await server.end('SIGTERM');
  });

  test('tail goes on as records come, until a signal ends it', async () => {
    const server = await serverProcess('--port', '0', '--data-dir', ':memory:', '--stream', 's:2');
    const tail = millrace(
      'tail',
      's',
      '--from',
      'earliest',
      '--format',
      'json',
      '--endpoint-url',
      server.endpoint,
    );
    const closed = once(tail, 'close');
    await call(server.endpoint, 'PutRecord', { StreamName: 's', PartitionKey: 'k', Data: 'aGVsbG8=' });
    const [chunk] = await once(tail.stdout, 'data');
    const { data, partitionKey } = JSON.parse(String(chunk)) as { data: string; partitionKey: string };
    assert.deepEqual([data, partitionKey], ['hello', 'k']);
    tail.kill('SIGINT');
    assert.equal((await closed)[0], 0);
    await server.end('SIGTERM');
  });

  test('a stream that is not there ends the command with what AWS says', async () => {
    const server = await serverProcess('--port', '0', '--data-dir', ':memory:');
    const missing = await runMillrace('tail', 'nothing', '--endpoint-url', server.endpoint);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /Stream nothing under account 000000000000 not found/);
    await server.end('SIGTERM');
  });

  test('a server that is not there ends the command when patience does', async () => {
    const { code, stderr } = await runMillrace(
      ...['tail', 's', '--endpoint-url', 'http://127.0.0.1:1', '--give-up-after', '1'],
    );
    assert.equal(code, 1);
    assert.match(stderr, /ECONNREFUSED/);
  });
});

test('the help names every command and ends well', async () => {
  const { code, stdout } = await runMillrace('--help');
  assert.equal(code, 0);
  for (const word of ['serve', 'put', 'tail', 'Examples:']) assert.match(stdout, new RegExp(word));
  assert.equal((await runMillrace('serve', '--help')).code, 0);
});

test('an unknown flag is an error that points to the help', async () => {
  const { code, stderr } = await runMillrace('serve', '--prot', '1');
  assert.equal(code, 1);
  assert.match(stderr, /unknown option '--prot'/);
});
