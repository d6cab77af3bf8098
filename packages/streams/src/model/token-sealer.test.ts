import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { TokenSealer } from './token-sealer.ts';

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)), uuid: randomUUID };
const secret = randomBytes(32);
const content = fc.uint8Array({ maxLength: 200 });

test('what was sealed is opened, also by another process with the secret', () => {
  const sealer = new TokenSealer(secret, random);
  const other = new TokenSealer(secret, random);
  fc.assert(
    fc.property(content, (bytes) => {
      const token = sealer.seal('page', bytes);
      for (const each of [sealer, other]) assert.deepEqual(each.open('page', token), Buffer.from(bytes));
    }),
  );
});

test('a token with any bit changed is none', () => {
  const sealer = new TokenSealer(secret, random);
  fc.assert(
    fc.property(content, fc.nat(), (bytes, bit) => {
      const raw = Buffer.from(sealer.seal('page', bytes), 'base64');
      const at = bit % (raw.length * 8);
      raw[at >> 3] = (raw[at >> 3] ?? 0) ^ (1 << (at & 7));
      assert.equal(sealer.open('page', raw.toString('base64')), undefined);
    }),
  );
});

test('no other text is a token, and none makes it throw', () => {
  const sealer = new TokenSealer(secret, random);
  const text = fc.oneof(fc.string(), fc.base64String({ minLength: 50 }));
  fc.assert(fc.property(text, (given) => assert.equal(sealer.open('page', given), undefined)));
});

test('base64 in another spelling is refused', () => {
  const sealer = new TokenSealer(secret, random);
  const token = sealer.seal('page', Buffer.from('xy'));
  assert.ok(token.endsWith('='));
  for (const spelled of [` ${token}`, `${token}\n`, token.replace(/=+$/, ''), `${token}!`]) {
    assert.equal(sealer.open('page', spelled), undefined);
  }
});

test('a token for one purpose, or under another secret, is none', () => {
  const sealer = new TokenSealer(secret, random);
  const token = sealer.seal('page', Buffer.from('x'));
  assert.equal(sealer.open('iterator', token), undefined);
  assert.equal(new TokenSealer(randomBytes(32), random).open('page', token), undefined);
});

test('no two tokens are equal, whatever is in them', () => {
  const sealer = new TokenSealer(secret, random);
  const tokens = Array.from({ length: 1_000 }, () => sealer.seal('page', Buffer.from('x')));
  assert.equal(new Set(tokens).size, 1_000);
});
