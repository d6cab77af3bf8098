import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64 } from './base64.ts';

const refused = (text: string, why: string) =>
  assert.throws(() => decodeBase64(text), {
    name: 'TypeMismatch',
    message: `'${text}' can not be converted to a Blob: ${why}`,
  });

const length = (found: number) =>
  `Base64 encoded length is expected a multiple of 4 bytes but found: ${found}`;
const character = (found: string) => `Invalid Base64 character: '${found}'`;
const lastCharacter = 'Invalid last non-pad Base64 character dectected';

describe('base64', () => {
  test('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        assert.deepEqual(new Uint8Array(decodeBase64(Buffer.from(bytes).toString('base64'))), bytes);
      }),
    );
  });

  test('accepts exactly what encoding would write', () => {
    const symbol = fc.constantFrom(...'AQgwZz09+/==-_ \n!é\u0141');
    fc.assert(
      fc.property(fc.string({ unit: symbol, maxLength: 12 }), (text) => {
        const canonical = Buffer.from(text, 'base64').toString('base64') === text;
        let accepted = true;
        try {
          decodeBase64(text);
        } catch {
          accepted = false;
        }
        assert.equal(accepted, canonical);
      }),
      { numRuns: 5000 },
    );
  });

  test('a length that is no multiple of four', () => {
    refused('AAAAA', length(5));
    refused('=', length(1));
  });

  test('a character of another alphabet, or padding in the middle', () => {
    refused('AA!A', character('!'));
    refused('AA-_', character('-'));
    refused('AAA\n', character('\n'));
    refused('\u0141AAA', character('\u0141'));
    refused('A=AA', character('='));
    refused('AA==AAAA', character('='));
  });

  test('padding that leaves bits over, or too much of it', () => {
    refused('AAB=', lastCharacter);
    refused('AB==', lastCharacter);
    refused('A===', lastCharacter);
  });
});
