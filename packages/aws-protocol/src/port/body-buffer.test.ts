import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BodyBuffer } from './body-buffer.ts';
import { ByteBudget } from './byte-budget.ts';
import { SpareRooms } from './spare-rooms.ts';

const BYTES_MAX = 5000;

test('the pieces make the whole, or are refused where they pass the limit, and the budget comes back', () => {
  const rooms = new SpareRooms();
  const pieces = fc.array(fc.uint8Array({ maxLength: 900 }), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, fc.constantFrom('right', 'none', 'wrong'), (chunks, declaration) => {
      const whole = Buffer.concat(chunks);
      const declared = { right: whole.length, none: undefined, wrong: 17 }[declaration];
      const budget = new ByteBudget(1_000_000);
      const body = new BodyBuffer(declared, BYTES_MAX, budget, rooms);
      const refused = chunks.some((chunk) => body.append(chunk) === 'too-long');
      assert.equal(refused, whole.length > BYTES_MAX);
      if (!refused) assert.deepEqual(Buffer.from(body.bytes()), whole);
      body.release();
      body.release();
      assert.equal(budget.left, 1_000_000);
    }),
  );
});

test('a body in one piece is not copied', () => {
  const body = new BodyBuffer(3, BYTES_MAX, new ByteBudget(100), new SpareRooms());
  const piece = new Uint8Array([1, 2, 3]);
  body.append(piece);
  assert.equal(body.bytes().buffer, piece.buffer);
});

test('what is set aside follows what has come and not what was announced', () => {
  const budget = new ByteBudget(100_000_000);
  const body = new BodyBuffer(90_000_000, 100_000_000, budget, new SpareRooms());
  assert.equal(budget.left, 100_000_000);
  body.append(new Uint8Array(1));
  assert.ok(budget.left > 99_900_000, `${budget.left} bytes left`);
});

test('a body that finds no room is refused and holds what it has until it is released', () => {
  const budget = new ByteBudget(100_000);
  const first = new BodyBuffer(undefined, 200_000, budget, new SpareRooms());
  assert.equal(first.append(new Uint8Array(10)), 'taken');
  const second = new BodyBuffer(60_000, 200_000, budget, new SpareRooms());
  assert.equal(second.append(new Uint8Array(60_000)), 'no-room');
  first.release();
  assert.equal(second.append(new Uint8Array(60_000)), 'taken');
  assert.equal(budget.left, 40_000);
});

test('a room is used again once it was given back, and not before', () => {
  const budget = new ByteBudget(10_000_000);
  const rooms = new SpareRooms();
  const received = (byte: number): BodyBuffer => {
    const body = new BodyBuffer(undefined, 1_000_000, budget, rooms);
    for (let pieces = 0; pieces < 3; pieces += 1) body.append(Buffer.alloc(90_000, byte));
    return body;
  };
  const first = received(1);
  const second = received(2);
  const { buffer } = first.bytes();
  assert.notEqual(second.bytes().buffer, buffer);
  first.release();
  first.release();
  const third = received(3);
  const fourth = received(4);
  assert.equal(third.bytes().buffer, buffer);
  for (const [body, byte] of [
    [second, 2],
    [third, 3],
    [fourth, 4],
  ] as const) {
    assert.ok(body.bytes().length === 270_000 && body.bytes().every((found) => found === byte));
  }
});
