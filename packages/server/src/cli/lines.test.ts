import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineTooLong, linesOf } from './lines.ts';

const read = async (chunks: readonly Uint8Array[], bytesMax = 1_000): Promise<string[]> => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const lines: string[] = [];
  for await (const batch of linesOf(source(), bytesMax))
    lines.push(...batch.map((line) => Buffer.from(line).toString('latin1')));
  return lines;
};

test('lines do not depend on where the chunks are cut', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', '\n', 'é'), { maxLength: 60 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(60)), async (whole, cuts) => {
      const bytes = Buffer.from(whole, 'latin1');
      const places = [
        0,
        ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
        bytes.length,
      ];
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
      const expected = whole.split('\n');
      if (expected.at(-1) === '') expected.pop();
      assert.deepEqual(await read(chunks), expected);
    }),
  );
});

test('empty lines are lines', async () =>
  assert.deepEqual(await read([Buffer.from('\n\na\n')]), ['', '', 'a']));

test('a line that no record can hold is refused by its number, whole or in pieces', async () => {
  const error = (thrown: unknown) => thrown instanceof LineTooLong && thrown.message.includes('Line 2 ');
  await assert.rejects(read([Buffer.from('a\nbbbbbb\n')], 5), error);
  await assert.rejects(read([Buffer.from('a\nbbb'), Buffer.from('bbb')], 5), error);
});
