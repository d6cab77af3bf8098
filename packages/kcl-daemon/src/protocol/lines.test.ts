import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from './lines.ts';

async function* chunksOf(texts: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

const lines = (...texts: (string | Buffer)[]): Promise<string[]> => Array.fromAsync(linesOf(chunksOf(texts)));

test('lines come whole, wherever the bytes were cut', async () => {
  const bytes = Buffer.from('one\n\ntwo é\r\nthree');
  for (let cut = 0; cut <= bytes.length; cut++) {
    assert.deepEqual(await lines(bytes.subarray(0, cut), bytes.subarray(cut)), ['one', 'two é', 'three']);
  }
});

test('a line without end comes in pieces', async () => {
  const piece = 'x'.repeat(40_000);
  const found = await lines(piece, piece, piece, piece, 'y\nz');
  assert.deepEqual(
    found.map(({ length }) => length),
    [80_000, 80_000, 1, 1],
  );
});
