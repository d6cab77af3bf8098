import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inFewPieces, Slabs } from './slab.ts';

test('no piece in use shares a byte with another, whatever is taken and released', () => {
  const step = fc.record({ bytes: fc.nat(60), release: fc.option(fc.nat(), { nil: undefined }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const slabs = new Slabs(100, 2);
      const inUse: { piece: Buffer; mark: number }[] = [];
      for (const [index, { bytes, release }] of steps.entries()) {
        const mark = index % 256;
        inUse.push({ piece: slabs.take(bytes).fill(mark), mark });
        const [done] = release === undefined ? [] : inUse.splice(release % inUse.length, 1);
        if (done !== undefined) slabs.release(done.piece);
        for (const { piece, mark } of inUse) assert.ok(piece.every((byte) => byte === mark));
      }
    }),
  );
});

test('memory that nobody uses any more is used again', () => {
  const slabs = new Slabs(100, 1);
  const memories = new Set<ArrayBufferLike>();
  for (let round = 0; round < 50; round++) {
    const piece = slabs.take(25);
    memories.add(piece.buffer);
    slabs.release(piece);
  }
  assert.equal(memories.size, 2);
});

test('a piece with two users stays until the second has released it', () => {
  const slabs = new Slabs(100, 1);
  const piece = slabs.take(25).fill(7);
  slabs.retain(piece);
  slabs.release(piece);
  for (let round = 0; round < 20; round++) slabs.release(slabs.take(25).fill(8));
  assert.ok(piece.every((byte) => byte === 7));
});

test('pieces taken one after the other are written as one', () => {
  const slabs = new Slabs(400, 1);
  const pieces = [10, 20, 30].map((size) => slabs.take(size));
  assert.equal(inFewPieces(pieces).length, 1);
});

test('joining neighbours changes no byte of what is written', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(60), fc.boolean()), { maxLength: 30 }), (given) => {
      const slabs = new Slabs(200, 1);
      const buffers = given
        .map(([bytes, isWanted], index) => ({ isWanted, piece: slabs.take(bytes).fill(index + 1) }))
        .filter(({ isWanted }) => isWanted)
        .map(({ piece }) => piece);
      const joined = inFewPieces(buffers);
      assert.ok(joined.length <= buffers.length);
      assert.ok(Buffer.concat(joined).equals(Buffer.concat(buffers)));
    }),
  );
});
