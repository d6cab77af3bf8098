import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cborCodec } from '../src/codecs/cbor.ts';
import { aPipeline, aServer, authorization, call, callHeaders, clock, random, send } from './fixture.ts';

const ACCESS_DENIED =
  '<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n';
const JSON_TYPE = 'application/x-amz-json-1.1';
const CBOR_TYPE = 'application/x-amz-cbor-1.1';
const KNOWN = 'Kinesis_20131202.ListStreams';

for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
  test(`${method} is refused as XML`, async (t) => {
    const { status, text } = await send(
      await aServer(t),
      { method, headers: callHeaders('ListStreams') },
      '{}',
    );
    assert.deepEqual([status, text], [403, ACCESS_DENIED]);
  });
}

test('HEAD is refused without a body', async (t) => {
  const { status, text, headers } = await send(await aServer(t), { method: 'HEAD' });
  assert.deepEqual([status, text], [403, '']);
  assert.equal(headers['content-length'], String(ACCESS_DENIED.length));
});

const cborError = (bytes: Uint8Array) => cborCodec.decode(bytes) as Record<string, unknown>;

test('no body for a known target is a SerializationException without message', async (t) => {
  const { status, text } = await send(await aServer(t), { headers: callHeaders('ListStreams') });
  assert.deepEqual([status, text], [400, '{"__type":"SerializationException"}']);
});

test('no body for an unknown target is an UnknownOperationException', async (t) => {
  const { status, text } = await send(await aServer(t), { headers: { 'content-type': JSON_TYPE } });
  assert.deepEqual([status, text], [400, '{"__type":"UnknownOperationException"}']);
});

for (const contentType of [CBOR_TYPE, 'application/json', 'text/plain']) {
  test(`no body of type ${contentType} is answered in CBOR`, async (t) => {
    const headers = { ...callHeaders('ListStreams'), 'content-type': contentType };
    const { status, bytes, headers: answered } = await send(await aServer(t), { headers });
    assert.deepEqual([status, answered['content-type']], [400, CBOR_TYPE]);
    assert.deepEqual({ ...cborError(bytes) }, { __type: 'SerializationException' });
  });
}

for (const target of [undefined, '', 'Kinesis_20131202', 'Kinesis_20131202.', '.ListStreams']) {
  test(`another content type with the target ${target} is refused as XML`, async (t) => {
    const headers = {
      'content-type': 'text/plain',
      ...(target === undefined ? {} : { 'x-amz-target': target }),
    };
    const { status, text } = await send(await aServer(t), { headers }, '{}');
    assert.deepEqual([status, text], [403, ACCESS_DENIED]);
  });
}

for (const target of [KNOWN, 'Any.Thing']) {
  test(`another content type with the target ${target} is not found`, async (t) => {
    const headers = { 'content-type': 'text/xml', 'x-amz-target': target };
    const { status, text } = await send(await aServer(t), { headers }, '{}');
    assert.deepEqual([status, text], [404, '<UnknownOperationException/>\n']);
  });
}

for (const body of ['hello', '[]', '"text"', '1', 'null', 'true', '{', '\u{1f9ea}', '{"a":1}x']) {
  test(`the body ${body} is no object and a SerializationException`, async (t) => {
    const { status, text } = await send(await aServer(t), { headers: callHeaders('ListStreams') }, body);
    assert.deepEqual([status, text], [400, '{"__type":"SerializationException"}']);
  });

  test(`the body ${body} as application/json is one in an envelope`, async (t) => {
    const headers = callHeaders('ListStreams', 'application/json');
    const { status, text } = await send(await aServer(t), { headers }, body);
    const envelope =
      '{"Output":{"__type":"com.amazon.coral.service#SerializationException"},"Version":"1.0"}';
    assert.deepEqual([status, text], [400, envelope]);
  });
}

test('a CBOR body that is no map is refused in CBOR', async (t) => {
  const headers = callHeaders('ListStreams', CBOR_TYPE);
  const { status, bytes } = await send(await aServer(t), { headers }, Buffer.from([0x83, 1, 2, 3]));
  assert.deepEqual([status, { ...cborError(bytes) }], [400, { __type: 'SerializationException' }]);
});

test('application/json with a good body knows no operation', async (t) => {
  const { status, text } = await send(
    await aServer(t),
    { headers: callHeaders('ListStreams', 'application/json') },
    '{}',
  );
  const envelope =
    '{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}';
  assert.deepEqual([status, text], [404, envelope]);
});

for (const target of [
  undefined,
  'Kinesis_20131202.Nothing',
  'Kinesis_2.ListStreams',
  'constructor',
  '__proto__',
]) {
  test(`the target ${target} is unknown, whoever asks`, async (t) => {
    const headers = {
      'content-type': JSON_TYPE,
      ...(target === undefined ? {} : { 'x-amz-target': target }),
    };
    const { status, text } = await send(await aServer(t), { headers }, '{}');
    assert.deepEqual([status, text], [400, '{"__type":"UnknownOperationException"}']);
  });
}

test('who calls is asked before what is in the body', async (t) => {
  const headers = { 'content-type': JSON_TYPE, 'x-amz-target': 'Kinesis_20131202.PutRecord' };
  const { status, text } = await send(await aServer(t), { headers }, '{"Data":1}');
  assert.equal(status, 400);
  assert.equal(
    text,
    '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}',
  );
});

test('a wrong type is told before a broken bound, under the key Message', async (t) => {
  const { status, text } = await call(await aServer(t), 'DeleteStream', { StreamName: true });
  assert.equal(status, 400);
  assert.deepEqual(JSON.parse(text), {
    __type: 'SerializationException',
    Message: 'class java.lang.Boolean can not be converted to an String',
  });
});

test('a broken bound is told before the operation runs', async (t) => {
  const { status, text } = await call(await aServer(t), 'DeleteStream', {});
  assert.equal(status, 400);
  assert.deepEqual(JSON.parse(text), {
    __type: 'ValidationException',
    message:
      "1 validation error detected: Value null at 'streamName' failed to satisfy constraint: Member must not be null",
  });
});

test("an operation's own error carries its text", async (t) => {
  const { status, text } = await call(await aServer(t), 'DeleteStream', { StreamName: 'lost' });
  const body = '{"__type":"ResourceNotFoundException","message":"Stream lost under account 1 not found."}';
  assert.deepEqual([status, text], [400, body]);
});

test('an error follows the content type of its request', async (t) => {
  const headers = callHeaders('DeleteStream', `${CBOR_TYPE}; charset=utf-8`);
  const body = Buffer.from([0xa1, 0x6a, ...Buffer.from('StreamName'), 0x64, ...Buffer.from('lost')]);
  const answer = await send(await aServer(t), { headers }, body);
  assert.deepEqual([answer.status, answer.headers['content-type']], [400, CBOR_TYPE]);
  assert.equal(cborError(answer.bytes).message, 'Stream lost under account 1 not found.');
});

test('an unsupported operation says so and why', async (t) => {
  const { status, text } = await call(await aServer(t), 'DescribeLimits', {});
  assert.equal(status, 400);
  assert.deepEqual(JSON.parse(text), {
    __type: 'UnsupportedOperationException',
    message: 'DescribeLimits is not supported here: limits are not counted yet',
  });
});

for (const [what, operation, input] of [
  ['a bug in a handler', 'DeleteStream', { StreamName: 'cracked' }],
  ['a modelled operation without a row', 'MergeShards', {}],
] as const) {
  test(`${what} is one InternalFailure, logged with the id that the client sees`, async (t) => {
    const faults: [string, unknown][] = [];
    const handle = aPipeline({ onFault: (id, error) => faults.push([id, error]) });
    const { status, text, headers } = await call(await aServer(t, { handle }), operation, input);
    assert.deepEqual([status, text], [500, '{"__type":"InternalFailure"}']);
    assert.deepEqual([faults.length, faults[0]?.[0]], [1, headers['x-amzn-requestid']]);
  });
}

test('an operation without output answers an empty body', async (t) => {
  const { status, text, headers } = await call(await aServer(t), 'DeleteStream', { StreamName: 'good' });
  assert.deepEqual([status, text, headers['content-length']], [200, '', '0']);
  assert.equal(headers['content-type'], JSON_TYPE);
});

test('the path and parameters of the content type change nothing', async (t) => {
  const headers = callHeaders('ListStreams', 'Application/X-Amz-JSON-1.1 ; charset=utf-8');
  const { status } = await send(await aServer(t), { path: '/some/where?a=b', headers }, '{}');
  assert.equal(status, 200);
});

for (const method of ['GET', 'POST', 'OPTIONS']) {
  test(`every answer to ${method} carries its ids, the date and its length`, async (t) => {
    const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
    const handle = aPipeline({ clock: { ...clock, now: () => nowMs } });
    const server = await aServer(t, { handle });
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => send(server, { method, headers: { authorization } }, '{}')),
    );
    for (const { headers, bytes } of answers) {
      assert.match(String(headers['x-amzn-requestid']), /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
      const extended = String(headers['x-amz-id-2']);
      assert.match(extended, /^[A-Za-z0-9+/]+=*$/);
      const { length } = Buffer.from(extended, 'base64');
      assert.ok(length >= 64 && length <= 80, `${length} bytes`);
      assert.equal(headers.date, 'Fri, 02 Jan 2026 03:04:05 GMT');
      assert.equal(headers['content-length'], String(bytes.length));
    }
    assert.equal(new Set(answers.map(({ headers }) => headers['x-amzn-requestid'])).size, 3);
    assert.equal(new Set(answers.map(({ headers }) => headers['x-amz-id-2'])).size, 3);
  });
}

test('extended ids keep their form when the randomness is all zeros', async (t) => {
  const zeros = { ...random, bytes: (count: number) => new Uint8Array(count) };
  const server = await aServer(t, { handle: aPipeline({ random: zeros }) });
  const ids = await Promise.all(
    Array.from({ length: 4 }, async () => (await send(server, {}, '{}')).headers['x-amz-id-2']),
  );
  assert.equal(new Set(ids).size, 4);
});

for (const seam of ['authorize', 'limit'] as const) {
  test(`what ${seam} throws is the answer, and the operation does not run`, async (t) => {
    const { ServiceError } = await import('../src/index.ts');
    const guard = async () => {
      throw new ServiceError('LimitExceededException', 'Rate exceeded');
    };
    const server = await aServer(t, { handle: aPipeline({ [seam]: guard }) });
    const { status, text } = await call(server, 'DeleteStream', { StreamName: 'cracked' });
    assert.deepEqual([status, text], [400, '{"__type":"LimitExceededException","message":"Rate exceeded"}']);
  });
}
