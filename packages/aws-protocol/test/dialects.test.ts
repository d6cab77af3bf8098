import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ServiceModel } from '@millrace/aws-model';
import { decode as readCbor, encode as writeCbor } from 'cborg';
import { type BoundService, ServiceError } from '../src/index.ts';
import { aPipeline, aService, authorization } from './fixture.ts';

const post = { method: 'POST', requestUri: '/' };

/** A small service that is spoken to in the query protocol, JSON 1.0 and RPC v2. */
const model: ServiceModel = {
  name: 'weather',
  fullName: 'A small service',
  protocol: 'json',
  targetPrefix: 'Weather_2020',
  jsonVersion: '1.0',
  rpcV2Cbor: true,
  query: { version: '2020-01-01', xmlNamespace: 'http://weather.example/' },
  signingName: 'weather',
  operations: {
    Echo: { http: post, input: 'Report', output: 'Report', errors: ['NoSuchPlaceException'] },
    Forget: { http: post, input: 'Report', errors: [] },
  },
  shapes: {
    Report: {
      type: 'structure',
      members: {
        Place: { shape: 'Text' },
        Degrees: { shape: 'Numbers' },
        At: { shape: 'Time' },
        Notes: { shape: 'Notes' },
        Raw: { shape: 'Bytes' },
        Final: { shape: 'Flag' },
        Inner: { shape: 'Inner' },
        Count: { shape: 'Whole' },
      },
      required: ['Place'],
    },
    Inner: { type: 'structure', members: { Places: { shape: 'Texts' } }, required: [] },
    Text: { type: 'string', max: 20 },
    Texts: { type: 'list', member: 'Text' },
    Numbers: { type: 'list', member: 'Number' },
    Number: { type: 'double' },
    Whole: { type: 'integer' },
    Time: { type: 'timestamp' },
    Notes: { type: 'map', key: 'Text', value: 'Text' },
    Bytes: { type: 'blob' },
    Flag: { type: 'boolean' },
    NoSuchPlaceException: {
      type: 'structure',
      members: {},
      required: [],
      exception: { status: 404, fault: false, queryCode: 'NoSuchPlace' },
    },
  },
};

const weather: BoundService = {
  model,
  handlers: new Map([
    [
      'Echo',
      async (input: unknown) => {
        if ((input as { Place: string }).Place !== 'nowhere') return input;
        throw new ServiceError('NoSuchPlaceException', 'There is no <nowhere>.', 404);
      },
    ],
    ['Forget', async () => undefined],
  ]),
};

const pipeline = aPipeline({ services: [aService(), weather] });

const ask = async (headers: Readonly<Record<string, string>>, body: string | Uint8Array, target = '/') => {
  const response = await pipeline({
    method: 'POST',
    target,
    headers: { authorization, 'x-amz-date': '20260101T000000Z', ...headers },
    body: Buffer.from(body),
    signal: AbortSignal.any([]),
  });
  assert.ok(response.body instanceof Uint8Array);
  return { ...response, text: Buffer.from(response.body).toString(), bytes: response.body };
};

const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
const form = (fields: string, headers = {}) =>
  ask({ ...FORM, ...headers }, `Action=Echo&Version=2020-01-01&${fields}`);

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'Weather_2020.Echo' };

const RPC = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
const rpcPath = (operation: string): string => `/service/Weather_2020/operation/${operation}`;
const rpc = (value: unknown, operation = 'Echo') => ask(RPC, writeCbor(value), rpcPath(operation));

test('a form becomes structures, lists and maps, and the answer XML', async () => {
  const fields =
    'Place=Z%C3%BCrich&Degrees.member.10=3.5&Degrees.member.2=-1e1&At=2026-01-02T03:04:05Z&Final=true' +
    '&Notes.entry.1.key=sky&Notes.entry.1.value=a%3Cb%26&Inner.Places.member.1=x&Raw=aGk%3D&Count=7';
  const { status, headers, text } = await form(fields);
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/xml');
  assert.equal(
    text.replace(/<RequestId>[^<]+/, '<RequestId>ID'),
    '<EchoResponse xmlns="http://weather.example/"><EchoResult><Place>Zürich</Place>' +
      '<Degrees><member>-10</member><member>3.5</member></Degrees><At>2026-01-02T03:04:05.000Z</At>' +
      '<Notes><entry><key>sky</key><value>a&lt;b&amp;</value></entry></Notes><Raw>aGk=</Raw><Final>true</Final>' +
      '<Inner><Places><member>x</member></Places></Inner><Count>7</Count></EchoResult>' +
      '<ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata></EchoResponse>\n',
  );
});

test('an operation without output answers its name and the request id in XML', async () => {
  const { text, headers } = await ask(FORM, 'Action=Forget&Version=2020-01-01&Place=x');
  const id = headers['x-amzn-RequestId'];
  assert.equal(
    text,
    `<ForgetResponse xmlns="http://weather.example/"><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></ForgetResponse>\n`,
  );
});

const queryError = ({ text }: { readonly text: string }) => [
  /<Type>(.*)<\/Type>/.exec(text)?.[1],
  /<Code>(.*)<\/Code>/.exec(text)?.[1],
  /<Message>(.*)<\/Message>/.exec(text)?.[1],
];

test('an error goes by its name in the query protocol, and its text is escaped', async () => {
  const answer = await form('Place=nowhere');
  assert.equal(answer.status, 404);
  assert.deepEqual(queryError(answer), ['Sender', 'NoSuchPlace', 'There is no &lt;nowhere&gt;.']);
});

for (const [what, fields, code] of [
  ['a broken bound', `Place=${'x'.repeat(21)}`, 'ValidationError'],
  ['a number that is none', 'Place=x&Degrees.member.1=many', 'MalformedInput'],
  ['a time that is none', 'Place=x&At=yesterday', 'MalformedInput'],
  ['a name where a value belongs', 'Place.member.1=x', 'MalformedInput'],
] as const) {
  test(`a form with ${what} is refused`, async () => {
    const answer = await form(fields);
    assert.equal(answer.status, 400);
    assert.equal(queryError(answer)[1], code);
  });
}

test('a form with names of names without end is refused', async () => {
  assert.equal((await form(`Place=x&${'a.'.repeat(40)}b=1`)).status, 400);
});

test('an unknown action of a known version is an InvalidAction', async () => {
  const answer = await ask(FORM, 'Action=Dance&Version=2020-01-01');
  assert.equal(answer.status, 400);
  assert.equal(queryError(answer)[1], 'InvalidAction');
});

test('a form for no service that is known is answered as before there were any', async () => {
  const { status, text } = await ask(FORM, 'Action=Echo&Version=1999-01-01');
  assert.equal(status, 403);
  assert.match(text, /^<AccessDeniedException>/);
});

test('an unsigned form is refused in XML', async () => {
  const answer = await form('Place=x', { authorization: '' });
  assert.deepEqual(queryError(answer).slice(0, 2), ['Sender', 'MissingAuthenticationToken']);
});

test('JSON 1.0 is answered as JSON 1.0', async () => {
  const { status, headers, text } = await ask(JSON_1_0, '{"Place":"Bern","At":1.5}');
  assert.deepEqual([status, headers['content-type']], [200, 'application/x-amz-json-1.0']);
  assert.deepEqual(JSON.parse(text), { Place: 'Bern', At: 1.5 });
});

test('an error in JSON says in a header what the query protocol calls it', async () => {
  const { headers, text } = await ask(JSON_1_0, '{"Place":"nowhere"}');
  assert.equal(headers['x-amzn-query-error'], 'NoSuchPlace;Sender');
  assert.deepEqual(JSON.parse(text), {
    __type: 'NoSuchPlaceException',
    message: 'There is no <nowhere>.',
  });
});

test('an operation that the service does not have is unknown in JSON too', async () => {
  const { status, text } = await ask({ ...JSON_1_0, 'x-amz-target': 'Weather_2020.Dance' }, '{}');
  assert.deepEqual([status, text], [400, '{"__type":"UnknownOperationException"}']);
});

for (const [what, body] of [
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
] as const) {
  test(`JSON 1.0 with ${what} as its body is refused`, async () => {
    const { status, text } = await ask(JSON_1_0, body);
    assert.equal(status, 400);
    assert.equal(JSON.parse(text).__type, 'SerializationException');
  });
}

test('the other service keeps its own JSON: 1.0 is none of it', async () => {
  const { status, text } = await ask(
    { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'Kinesis_20131202.ListStreams' },
    '{}',
  );
  assert.deepEqual([status, text], [404, '<UnknownOperationException/>\n']);
});

test('RPC v2 finds the operation by the path and says that it speaks it', async () => {
  const { status, headers, bytes } = await rpc({ Place: 'Bern', Degrees: [1.5, 2], Raw: Buffer.from('hi') });
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'application/cbor');
  assert.equal(headers['smithy-protocol'], 'rpc-v2-cbor');
  assert.deepEqual(readCbor(bytes), { Place: 'Bern', Degrees: [1.5, 2], Raw: new Uint8Array([104, 105]) });
});

/** `{"Place": "x", "At": 1(…)}` with the content of the tag as hex. */
const withTime = (content: string): Uint8Array => Buffer.from(`a265506c6163656178624174c1${content}`, 'hex');

for (const [kind, content] of [
  ['an integer', '1a6956a8a5'],
  ['a float', 'fb41da55aa29400000'],
] as const) {
  test(`in RPC v2 ${kind} under the tag for times is seconds`, async () => {
    const { bytes } = await ask(RPC, withTime(content), rpcPath('Echo'));
    const tags = { 1: (read: () => unknown) => ({ seconds: read() }) };
    assert.deepEqual(readCbor(bytes, { tags }), { Place: 'x', At: { seconds: 1767286949 } });
  });
}

test('an error in RPC v2 is a map with its type', async () => {
  const { status, headers, bytes } = await rpc({ Place: 'nowhere' });
  assert.equal(status, 404);
  assert.equal(headers['x-amzn-query-error'], 'NoSuchPlace;Sender');
  assert.deepEqual(readCbor(bytes), { __type: 'NoSuchPlaceException', message: 'There is no <nowhere>.' });
});

test('RPC v2 without output answers nothing', async () => {
  assert.equal((await rpc({ Place: 'x' }, 'Forget')).bytes.length, 0);
});

for (const [what, operation, body] of [
  ['an operation that there is not', 'Dance', writeCbor({})],
  ['a body that is no CBOR', 'Echo', Buffer.from([0xff])],
] as const) {
  test(`RPC v2 with ${what} is refused in CBOR`, async () => {
    const { status, bytes } = await ask(RPC, body, rpcPath(operation));
    assert.equal(status, 400);
    assert.match((readCbor(bytes) as { __type: string }).__type, /Exception$/);
  });
}

test('a compressed body is inflated first, in every dialect', async () => {
  const gzip = { 'content-encoding': 'gzip' };
  const query = await ask({ ...FORM, ...gzip }, gzipSync('Action=Echo&Version=2020-01-01&Place=Bern'));
  assert.match(query.text, /<Place>Bern<\/Place>/);
  const json = await ask({ ...JSON_1_0, ...gzip }, gzipSync('{"Place":"Bern"}'));
  assert.equal(json.text, '{"Place":"Bern"}');
  const cbor = await ask({ ...RPC, ...gzip }, gzipSync(writeCbor({ Place: 'Bern' })), rpcPath('Echo'));
  assert.deepEqual(readCbor(cbor.bytes), { Place: 'Bern' });
});

test('a body that is not what its encoding says is refused', async () => {
  const { status, text } = await ask({ ...JSON_1_0, 'content-encoding': 'gzip' }, '{"Place":"Bern"}');
  assert.equal(status, 400);
  assert.equal(JSON.parse(text).__type, 'SerializationException');
});

test('a small body that would inflate beyond the bound is refused', async () => {
  const bomb = gzipSync(Buffer.alloc(9 * 1024 * 1024, ' '));
  const { status } = await ask({ ...JSON_1_0, 'content-encoding': 'gzip' }, bomb);
  assert.equal(status, 413);
});
