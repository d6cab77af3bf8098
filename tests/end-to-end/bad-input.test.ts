import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as connectHttp2, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { type ServerProcess, serverProcess } from '../support/millrace-process.ts';
import { type Answer, call, openSocket, rawCall } from '../support/raw-call.ts';

const isError = (answer: Answer, status: number, code: string): void => {
  assert.equal(answer.status, status, answer.body);
  assert.equal((JSON.parse(answer.body) as { __type: string }).__type, code, answer.body);
};

describe('bad input is answered or cut off, and the server lives on', { timeout: 120_000 }, () => {
  let server: ServerProcess;
  const bad = (operation: string, input: object) =>
    rawCall(server.endpoint, operation, JSON.stringify(input));

  before(async () => {
    server = await serverProcess(
      '--port',
      '0',
      '--data-dir',
      ':memory:',
      '--stream',
      'one:2',
      '--stream',
      'two:1',
    );
  });
  after(() => server.end('SIGKILL'));

  /** The good case that must go on working after each bad one. */
  const stillServes = async (): Promise<void> => {
    const put = await call<{ ShardId: string }>(server.endpoint, 'PutRecord', {
      StreamName: 'one',
      PartitionKey: 'k',
      Data: 'aGVsbG8=',
    });
    assert.match(put.ShardId, /^shardId-/);
  };

  test('malformed JSON', async () => {
    isError(
      await rawCall(server.endpoint, 'PutRecord', '{"StreamName": "one"'),
      400,
      'SerializationException',
    );
    await stillServes();
  });

  test('malformed CBOR', async () => {
    const bytes = Uint8Array.from([0xbf, 0x6a, 0x53]);
    const answer = await rawCall(server.endpoint, 'PutRecord', bytes, 'application/x-amz-cbor-1.1');
    assert.equal(answer.status, 400);
    await stillServes();
  });

  test('malformed base64', async () => {
    isError(
      await bad('PutRecord', { StreamName: 'one', PartitionKey: 'k', Data: '!' }),
      400,
      'SerializationException',
    );
  });

  test('a wrong type', async () => {
    isError(
      await bad('PutRecord', { StreamName: 'one', PartitionKey: 7, Data: '' }),
      400,
      'SerializationException',
    );
  });

  test('an unknown member is ignored', async () => {
    const answer = await bad('PutRecord', { StreamName: 'one', PartitionKey: 'k', Data: '', Extra: [1] });
    assert.equal(answer.status, 200, answer.body);
  });

  test('an unknown operation', async () => {
    isError(await bad('PutFish', {}), 400, 'UnknownOperationException');
  });

  test('an operation that is not built says so', async () => {
    isError(await bad('CreateChannel', channel), 400, 'UnsupportedOperationException');
  });

  test('a body over the bound', async () => {
    const answer = await rawCall(server.endpoint, 'PutRecords', 'x'.repeat(40 * 1024 * 1024)).catch(
      () => undefined,
    );
    assert.ok(answer === undefined || answer.status === 413);
    await stillServes();
  });

  test('a truncated HTTP/2 frame', async () => {
    const socket = await openSocket(server.port);
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    socket.end(Uint8Array.from([0, 0, 18, 4, 0, 0, 0]));
    socket.resume();
    await once(socket, 'close');
    await stillServes();
  });

  test('an HTTP/2 stream that is reset in the middle of its body', async () => {
    const session = connectHttp2(server.endpoint);
    const stream = session.request({ ':method': 'POST', ':path': '/', 'content-length': '1000' });
    stream.on('error', () => {});
    stream.write('{');
    stream.close(constants.NGHTTP2_CANCEL);
    await once(stream, 'close');
    session.close();
    await stillServes();
  });

  test('garbage as first bytes', async () => {
    for (let round = 0; round < 50; round++) {
      const socket = await openSocket(server.port);
      socket.end(randomBytes(64));
      socket.resume();
      await once(socket, 'close');
    }
    await stillServes();
  });

  test('a thousand idle connections leave room for one that works', async () => {
    const idle: Socket[] = [];
    for (let count = 0; count < 1000; count++) idle.push(await openSocket(server.port));
    await stillServes();
    for (const socket of idle) socket.destroy();
  });

  describe('an iterator', () => {
    const iteratorOf = async (stream: string): Promise<string> => {
      const input = {
        StreamName: stream,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      };
      return (await call<{ ShardIterator: string }>(server.endpoint, 'GetShardIterator', input))
        .ShardIterator;
    };

    test('in which any byte was changed is invalid', async () => {
      const bytes = Buffer.from(await iteratorOf('one'), 'base64');
      for (let at = 0; at < bytes.length; at++) {
        const tampered = Buffer.from(bytes);
        tampered.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        const answer = await bad('GetRecords', { ShardIterator: tampered.toString('base64') });
        isError(answer, 400, 'InvalidArgumentException');
      }
    });

    test('that is cut short, or is other text, is invalid', async () => {
      const whole = await iteratorOf('one');
      for (const text of [whole.slice(0, -4), 'AAAA', 'x', '=', randomBytes(152).toString('base64')]) {
        isError(await bad('GetRecords', { ShardIterator: text }), 400, 'InvalidArgumentException');
      }
    });

    test('of one stream does not read another that is named beside it', async () => {
      const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/two';
      const answer = await bad('GetRecords', { ShardIterator: await iteratorOf('one'), StreamARN });
      isError(answer, 400, 'InvalidArgumentException');
    });
  });

  test('memory stays bounded while large bodies are refused over and over', async (context) => {
    if (process.platform !== 'linux') return context.skip('reads /proc');
    const body = JSON.stringify({
      StreamName: 'one',
      Records: [{ PartitionKey: 'k', Data: 'A'.repeat(13_000_001) }],
    });
    for (let round = 0; round < 40; round++) {
      const answer = await rawCall(server.endpoint, 'PutRecords', body);
      assert.equal(answer.status, 400);
    }
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    const residentMegabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    assert.ok(residentMegabytes < 600, `${residentMegabytes} MiB resident`);
  });
});

const channel = {
  ChannelName: 'c',
  ServiceExecutionRoleARN: 'arn:aws:iam::000000000000:role/r',
  StreamConfigurationList: [
    {
      StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/one',
      RecordConfiguration: { RecordFormatType: 'JSON' },
    },
  ],
};
