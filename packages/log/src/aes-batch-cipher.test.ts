import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { DataKeyId } from '@millrace/core';
import fc from 'fast-check';
import { aesBatchCipher } from './aes-batch-cipher.ts';
import type { BatchCipher } from './batch-cipher.ts';
import { FIRST_KEY, ManualKeys, SECOND_KEY } from './conformance/index.ts';
import { LogError } from './log-engine.ts';

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)), uuid: randomUUID };

const aCipher = (keys = new ManualKeys()): BatchCipher => aesBatchCipher(keys, random);

const CONTEXT = Buffer.from('log 7, position 12');
const TEXT = Buffer.from('the vault opens at midnight');

const encrypted = (cipher: BatchCipher, text: Uint8Array = TEXT, key: DataKeyId = FIRST_KEY): Buffer => {
  const target = Buffer.alloc(text.length + cipher.overheadBytes);
  cipher.encryptor(key).encrypt(text, CONTEXT, target);
  return target;
};

const isError = (code: string) => (error: unknown) => error instanceof LogError && error.code === code;

test('any text comes back, from a process that did not encrypt it', () => {
  const writer = aCipher();
  const reader = aCipher();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (text) => {
      assert.deepEqual([...reader.decrypt(FIRST_KEY, encrypted(writer, text), CONTEXT)], [...text]);
    }),
  );
});

test('any flipped bit is found', () => {
  const cipher = aCipher();
  const good = encrypted(cipher);
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bad = Buffer.from(good);
    bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(() => cipher.decrypt(FIRST_KEY, bad, CONTEXT), isError('corrupt'), `bit ${bit}`);
  }
});

test('a text that is cut short, and no text at all, are found', () => {
  const cipher = aCipher();
  const good = encrypted(cipher);
  for (let length = 0; length < good.length; length++) {
    assert.throws(() => cipher.decrypt(FIRST_KEY, good.subarray(0, length), CONTEXT), isError('corrupt'));
  }
});

test('a text in another place, or under the name of another key, is found', () => {
  const cipher = aCipher();
  const text = encrypted(cipher);
  const elsewhere = Buffer.from('log 7, position 13');
  assert.throws(() => cipher.decrypt(FIRST_KEY, text, elsewhere), isError('corrupt'));
  assert.throws(() => cipher.decrypt(SECOND_KEY, text, CONTEXT), isError('corrupt'));
});

test('no two texts under a key begin with the same salt and number, in one process or several', () => {
  const starts = new Set<string>();
  for (let process = 0; process < 10; process++) {
    const cipher = aCipher();
    for (let batch = 0; batch < 100; batch++) starts.add(encrypted(cipher).toString('hex', 0, 24));
  }
  assert.equal(starts.size, 1_000);
});

test('a key that is taken away is refused at once, whatever was done with it before', () => {
  const keys = new ManualKeys();
  const cipher = aCipher(keys);
  const text = encrypted(cipher);
  const encryptor = cipher.encryptor(FIRST_KEY);
  keys.take(FIRST_KEY);
  assert.throws(() => cipher.encryptor(FIRST_KEY), isError('key-unavailable'));
  assert.throws(() => cipher.decrypt(FIRST_KEY, text, CONTEXT), isError('key-unavailable'));
  assert.throws(() => cipher.require(FIRST_KEY), isError('key-unavailable'));
  encryptor.encrypt(TEXT, CONTEXT, Buffer.alloc(TEXT.length + cipher.overheadBytes));
});

test('why a key is refused is the cause', () => {
  const cause = new Error('switched off');
  const cipher = aesBatchCipher(
    {
      get: () => {
        throw cause;
      },
    },
    random,
  );
  assert.throws(
    () => cipher.require(FIRST_KEY),
    (error) => isError('key-unavailable')(error) && (error as LogError).cause === cause,
  );
});
