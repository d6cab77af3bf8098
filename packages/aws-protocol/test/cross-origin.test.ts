import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aServer, callHeaders, send } from './fixture.ts';

const origin = 'https://example.org';

test("a browser's question is granted as it asks", async (t) => {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,x-amz-target',
  };
  const answer = await send(await aServer(t), { method: 'OPTIONS', headers });
  assert.deepEqual([answer.status, answer.text, answer.headers['content-length']], [200, '', '0']);
  assert.equal(answer.headers['access-control-allow-origin'], '*');
  assert.equal(answer.headers['access-control-allow-methods'], 'POST');
  assert.equal(answer.headers['access-control-allow-headers'], 'authorization,x-amz-target');
  assert.equal(answer.headers['access-control-max-age'], '172800');
  assert.ok(answer.headers['x-amzn-requestid']);
});

test('a question that asks for nothing is granted nothing more', async (t) => {
  const { status, headers } = await send(await aServer(t), { method: 'OPTIONS', headers: { origin } });
  assert.equal(status, 200);
  assert.equal(headers['access-control-allow-methods'], undefined);
  assert.equal(headers['access-control-allow-headers'], undefined);
});

for (const [what, body, status] of [
  ['a good answer', '{}', 200],
  ['an error', 'x', 400],
] as const) {
  test(`${what} may be read by a page of another origin`, async (t) => {
    const headers = { ...callHeaders('ListStreams'), origin };
    const answer = await send(await aServer(t), { headers }, body);
    assert.equal(answer.status, status);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    const exposed = String(answer.headers['access-control-expose-headers']).split(',');
    for (const name of ['x-amzn-requestid', 'x-amz-id-2', 'date']) assert.ok(exposed.includes(name), name);
  });
}

test('who comes without an origin hears nothing of origins', async (t) => {
  const { headers } = await send(await aServer(t), { headers: callHeaders('ListStreams') }, '{}');
  assert.equal(headers['access-control-allow-origin'], undefined);
});
