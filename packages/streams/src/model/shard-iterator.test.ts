import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type Stream, streamIdOf } from '@millrace/catalog';
import { positionOf } from '@millrace/core';
import { ManualClock } from '@millrace/log/conformance';
import fc from 'fast-check';
import { issueIterator, readIterator } from './shard-iterator.ts';
import { TokenSealer } from './token-sealer.ts';

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)), uuid: randomUUID };
const issuing = { tokens: new TokenSealer(randomBytes(32), random), clock: new ManualClock() };
const aStream = (id: string, name: string) => ({ id: streamIdOf(id), name }) as Stream;

test('an iterator tells where it stands', () => {
  const id = fc.stringMatching(/^[0-9a-f]{16}$/);
  const name = fc.stringMatching(/^[a-zA-Z0-9_.-]{1,128}$/);
  fc.assert(
    fc.property(id, name, fc.nat(0x7fff_ffff), fc.nat(2 ** 48 - 1), (id, name, shardIndex, position) => {
      const text = issueIterator(issuing, aStream(id, name), shardIndex, positionOf(position));
      assert.deepEqual(readIterator(text, issuing), {
        issuedAtMs: issuing.clock.now(),
        streamId: id,
        shardIndex,
        position,
        streamName: name,
      });
    }),
  );
});

test('an iterator of the longest name stays within 512 characters', () => {
  const stream = aStream('0123456789abcdef', 'n'.repeat(128));
  assert.equal(issueIterator(issuing, stream, 1, positionOf(1)).length, 256);
});

test('an iterator from far in the future is refused', () => {
  const text = issueIterator(issuing, aStream('0123456789abcdef', 'n'), 1, positionOf(1));
  issuing.clock.advance(-300_001);
  assert.throws(() => readIterator(text, issuing), { message: 'Invalid ShardIterator.' });
});
