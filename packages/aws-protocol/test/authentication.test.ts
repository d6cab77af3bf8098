import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ServiceError } from '../src/index.ts';
import { readAuthentication } from '../src/sigv4/authentication.ts';
import { aPipeline, aServer, authorization, call, callHeaders, send } from './fixture.ts';

const SCOPE = 'AKID/20260101/eu-west-1/kinesis/aws4_request';
const HEADER_TEXTS = {
  credential: "Authorization header requires 'Credential' parameter. ",
  signature: "Authorization header requires 'Signature' parameter. ",
  signedHeaders: "Authorization header requires 'SignedHeaders' parameter. ",
  date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
};
const { credential, signature, signedHeaders, date } = HEADER_TEXTS;

const incompleteHeaders: readonly [header: string, hasDate: boolean, texts: string][] = [
  ['AWS4-HMAC-SHA256', false, credential + signature + signedHeaders + date],
  ['AWS4-', true, credential + signature + signedHeaders],
  ['AWS4-HMAC-SHA256 Credential=', true, credential + signature + signedHeaders],
  [`AWS4-HMAC-SHA256 Credential=${SCOPE}`, true, signature + signedHeaders],
  ['AWS4-HMAC-SHA256 SignedHeaders=host, Signature=ab', true, credential],
  [`AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host`, true, signature],
  [`AWS4-HMAC-SHA256 Credential=${SCOPE}, Signature=ab`, false, signedHeaders + date],
  [authorization, false, date],
];
for (const [header, hasDate, texts] of incompleteHeaders) {
  test(`${header} ${hasDate ? 'with' : 'without'} a date names each missing part in order`, async (t) => {
    const { 'x-amz-date': day, ...rest } = callHeaders('ListStreams');
    const headers = { ...rest, ...(hasDate ? { 'x-amz-date': day } : {}), authorization: header };
    const { status, text } = await send(await aServer(t), { headers }, '{}');
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(text), {
      __type: 'IncompleteSignatureException',
      message: `${texts}Authorization=${header}`,
    });
  });
}

const QUERY = {
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': SCOPE,
  'X-Amz-Signature': 'ab12',
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Date': '20260101T000000Z',
};
const unsigned = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'Kinesis_20131202.ListStreams',
};
const pathOf = (query: Record<string, string>) => `/?${new URLSearchParams(query)}`;

for (const name of Object.keys(QUERY)) {
  test(`a query without ${name} is told so`, async (t) => {
    const path = pathOf({ ...QUERY, [name]: '' });
    const { status, text } = await send(await aServer(t), { path, headers: unsigned }, '{}');
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(text), {
      __type: 'IncompleteSignatureException',
      message: `AWS query-string parameters must include '${name}'. Re-examine the query-string parameters.`,
    });
  });
}

test('a query that only names the algorithm misses the rest, in order', async (t) => {
  const { text } = await send(await aServer(t), { path: '/?X-Amz-Algorithm=', headers: unsigned }, '{}');
  const texts = Object.keys(QUERY).map((name) => `AWS query-string parameters must include '${name}'. `);
  assert.equal(JSON.parse(text).message, `${texts.join('')}Re-examine the query-string parameters.`);
});

test('header and query together are one too many', async (t) => {
  const path = pathOf(QUERY);
  const { status, text } = await send(await aServer(t), { path, headers: callHeaders('ListStreams') }, '{}');
  assert.equal(status, 400);
  assert.deepEqual(JSON.parse(text), {
    __type: 'InvalidSignatureException',
    message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  });
});

for (const scheme of [undefined, 'Basic YTpi', 'Bearer AWS4-HMAC-SHA256', 'AWS AKID:sig']) {
  test(`Authorization ${scheme} is no token`, async (t) => {
    const headers = { ...unsigned, ...(scheme === undefined ? {} : { authorization: scheme }) };
    const { status, text } = await send(await aServer(t), { headers }, '{}');
    assert.deepEqual(
      [status, text],
      [400, '{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}'],
    );
  });
}

for (const scope of [
  'AKID',
  'AKID/20260101/eu-west-1/kinesis',
  'A/K/20260101/eu-west-1/kinesis/aws4_request',
  '////////',
]) {
  test(`the credential ${scope} does not have five parts`, async (t) => {
    const header = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=ab`;
    const { status, text } = await call(await aServer(t), 'ListStreams', {}, { authorization: header });
    assert.equal(status, 400);
    assert.deepEqual(JSON.parse(text), {
      __type: 'IncompleteSignatureException',
      message: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${scope}'`,
    });
  });
}

for (const region of ['', '..', 'eu:west', 'a b', 'é', 'x'.repeat(65)]) {
  test(`the region '${region}' is none`, async (t) => {
    const path = pathOf({ ...QUERY, 'X-Amz-Credential': `AKID/20260101/${region}/kinesis/aws4_request` });
    const { status, text } = await send(await aServer(t), { path, headers: unsigned }, '{}');
    assert.deepEqual(
      [status, JSON.parse(text)],
      [
        400,
        {
          __type: 'InvalidSignatureException',
          message: `Credential should be scoped to a valid region, not '${region}'. `,
        },
      ],
    );
  });
}

const namesOf = (text: string) => JSON.parse(text).StreamNames;

test('the credential scope names the region, and a key of twelve digits the account', async (t) => {
  const header = authorization.replace('AKID', '123456789012');
  const { text } = await call(await aServer(t), 'ListStreams', {}, { authorization: header });
  assert.deepEqual(namesOf(text), ['123456789012', 'eu-west-1']);
});

test('any other key belongs to the default account', async (t) => {
  const { text } = await call(await aServer(t), 'ListStreams', {});
  assert.deepEqual(namesOf(text), ['000000000000', 'eu-west-1']);
});

test('a presigned query is as good as a header', async (t) => {
  const { status, text } = await send(await aServer(t), { path: pathOf(QUERY), headers: unsigned }, '{}');
  assert.deepEqual([status, namesOf(text)], [200, ['000000000000', 'eu-west-1']]);
});

test('the verifier sees every part and may refuse', async (t) => {
  const seen: unknown[] = [];
  const handle = aPipeline({
    verify: async (authentication) => {
      seen.push(authentication);
      throw new ServiceError('UnrecognizedClientException', 'The security token is not known.');
    },
  });
  const { text } = await call(await aServer(t, { handle }), 'DeleteStream', {});
  assert.equal(JSON.parse(text).__type, 'UnrecognizedClientException');
  assert.deepEqual(seen, [
    {
      accessKeyId: 'AKID',
      date: '20260101',
      region: 'eu-west-1',
      service: 'kinesis',
      terminator: 'aws4_request',
      algorithm: 'AWS4-HMAC-SHA256',
      place: 'header',
      signedHeaders: ['host'],
      signature: 'ab12',
    },
  ]);
});

test('whatever stands in header and query is read or refused with an AWS error', () => {
  const pieces = ['AWS4-', 'Credential', 'Signature', 'SignedHeaders', '=', ',', ' ', '/', '%', '&', SCOPE];
  const noise = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 12 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(noise, noise, fc.boolean(), (header, query, hasAlgorithm) => {
      const request = {
        method: 'POST',
        target: `/?${hasAlgorithm ? 'X-Amz-Algorithm=a&' : ''}${query}`,
        headers: { authorization: `AWS4-${header}`, date: 'today' },
        body: new Uint8Array(0),
        signal: AbortSignal.abort(),
      };
      try {
        assert.equal(readAuthentication(request).signedHeaders.length > 0, true);
      } catch (error) {
        assert.ok(error instanceof ServiceError, String(error));
      }
    }),
  );
});
