import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { roomBytesFor, SpareRooms } from './spare-rooms.ts';

const MEBIBYTE = 1024 * 1024;

test('a room is large enough, and less than twice what is asked for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 * MEBIBYTE }), (bytes) => {
      const roomBytes = roomBytesFor(bytes);
      assert.ok(roomBytes >= bytes && roomBytes < 2 * bytes, String(roomBytes));
    }),
  );
});

test('a room that was given back is taken again, and by one alone', () => {
  const rooms = new SpareRooms();
  const room = rooms.take(roomBytesFor(100_000));
  rooms.give(room);
  assert.equal(rooms.take(roomBytesFor(120_000)), room);
  assert.notEqual(rooms.take(roomBytesFor(120_000)), room);
});

test('what lies idle is bounded, and so is each of it', () => {
  const rooms = new SpareRooms();
  const given: Buffer[] = Array.from({ length: 20 }, () => Buffer.allocUnsafeSlow(4 * MEBIBYTE));
  for (const room of given) rooms.give(room);
  const taken = given.map(() => rooms.take(4 * MEBIBYTE));
  assert.equal(taken.filter((room) => given.includes(room)).length, 8);
  const large = Buffer.allocUnsafeSlow(10 * MEBIBYTE);
  rooms.give(large);
  assert.notEqual(rooms.take(10 * MEBIBYTE), large);
});
