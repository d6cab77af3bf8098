import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel, Shape } from '@millrace/aws-model';
import { cborCodec } from './cbor.ts';
import { jsonCodec } from './json.ts';
import { TypeMismatch } from './type-mismatch.ts';

const item: Shape = { type: 'structure', members: { S: { shape: 'String' } }, required: [] };
const shapes: Readonly<Record<string, Shape>> = {
  String: { type: 'string' },
  Integer: { type: 'integer' },
  Long: { type: 'long' },
  Double: { type: 'double' },
  Boolean: { type: 'boolean' },
  Blob: { type: 'blob' },
  Timestamp: { type: 'timestamp' },
  Structure: item,
  List: { type: 'list', member: 'String' },
  Map: { type: 'map', key: 'String', value: 'String' },
};
const model: ServiceModel = {
  name: 'types',
  fullName: 'Types',
  protocol: 'json',
  signingName: 'types',
  operations: {},
  shapes: {
    ...shapes,
    Node: { type: 'structure', members: { Next: { shape: 'Node' } }, required: [] },
  },
};

const refused = (shape: string, raw: unknown, text: string) => {
  for (const codec of [jsonCodec, cborCodec]) {
    assert.throws(
      () => codec.parse(model, shape, raw),
      (error) => {
        assert.ok(error instanceof TypeMismatch, String(error));
        assert.deepEqual([error.code, error.status, error.message], ['SerializationException', 400, text]);
        return true;
      },
    );
  }
};

const bignum = 'com.amazon.coral.value.json.numbers.TruncatingBigNumber';
const scalarNames = ['String', 'Integer', 'Long', 'Double', 'Boolean', 'Blob', 'Timestamp'];

describe('a value of the wrong type', () => {
  test('a list or an object where a scalar is wanted', () => {
    for (const name of scalarNames) {
      refused(name, [], 'Start of list found where not expected');
      refused(name, {}, 'Start of structure or map found where not expected.');
    }
  });

  test('a boolean or a number where a string is wanted', () => {
    refused('String', true, 'class java.lang.Boolean can not be converted to an String');
    refused('String', 1, `class ${bignum} can not be converted to an String`);
  });

  test('a boolean or a string where a number is wanted', () => {
    for (const name of ['Integer', 'Long', 'Double']) {
      refused(name, true, `class java.lang.Boolean can not be converted to an ${name}`);
      refused(name, '1', `class java.lang.String can not be converted to an ${name}`);
    }
  });

  test('a number, or a string that is no truth value, where a boolean is wanted', () => {
    refused('Boolean', 1, `class ${bignum} can not be converted to an Boolean`);
    refused('Boolean', 'maybe', "'MAYBE' can not be converted to an Boolean");
  });

  test('a boolean or a number where a blob is wanted', () => {
    refused('Blob', false, 'class java.lang.Boolean can not be converted to a Blob');
    refused('Blob', 7, `class ${bignum} can not be converted to a Blob`);
  });

  test('a boolean or a string where a timestamp is wanted', () => {
    refused('Timestamp', true, 'class java.lang.Boolean can not be converted to milliseconds since epoch');
    refused('Timestamp', '1', 'class java.lang.String can not be converted to milliseconds since epoch');
  });

  test('a scalar where a list, a map or a structure is wanted', () => {
    for (const scalar of ['a', 1, true]) {
      refused('List', scalar, 'Expected list or null');
      refused('Map', scalar, 'Expected map or null');
      refused('Structure', scalar, 'Expected null');
    }
  });

  test('an object for a list, and a list for a map or structure', () => {
    refused('List', {}, 'Start of structure or map found where not expected.');
    refused('Map', [], 'Start of list found where not expected');
    refused('Structure', [], 'Start of list found where not expected');
  });

  test('is found inside lists, maps and structures', () => {
    refused('List', ['a', 1], `class ${bignum} can not be converted to an String`);
    refused('Map', { a: true }, 'class java.lang.Boolean can not be converted to an String');
    refused('Structure', { S: [] }, 'Start of list found where not expected');
  });

  test('a number that is none is refused, so that no NaN comes inside', () => {
    for (const name of ['Integer', 'Long', 'Double']) {
      refused(name, Number.NaN, `class ${bignum} can not be converted to an ${name}`);
    }
  });

  test('a shape that contains itself is followed to a bound, not to the end of the stack', () => {
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level += 1) deep = { Next: deep };
    refused('Node', deep, 'The body is nested too deeply');
    assert.deepEqual(jsonCodec.parse(model, 'Node', { Next: { Next: {} } }), { Next: { Next: {} } });
  });
});

describe('a value that AWS bends into shape', () => {
  const parsed = (shape: string, raw: unknown) => jsonCodec.parse(model, shape, raw);

  test('fractions are floored and an Integer is capped', () => {
    assert.equal(parsed('Integer', 1.9), 1);
    assert.equal(parsed('Integer', 3_000_000_000), 2_147_483_647);
    assert.equal(parsed('Integer', -3_000_000_000), -2_147_483_648);
    assert.equal(parsed('Long', 3_000_000_000.5), 3_000_000_000);
    assert.equal(parsed('Long', 1e300), 2 ** 63);
    assert.equal(parsed('Double', 1.5), 1.5);
  });

  test('words for true and false are booleans in any case', () => {
    for (const word of ['true', 'YES', '1']) assert.equal(parsed('Boolean', word), true);
    for (const word of ['False', 'no', '0']) assert.equal(parsed('Boolean', word), false);
  });

  test('a null in a list stays, for validation to name its place', () => {
    assert.deepEqual(parsed('List', ['a', null]), ['a', null]);
  });

  test('a null in a map is absent, and __proto__ is a key like any other', () => {
    const map = parsed('Map', JSON.parse('{"a":null,"__proto__":"x","constructor":"y"}')) as object;
    assert.equal(Object.getPrototypeOf(map), null);
    assert.deepEqual(Object.entries(map), [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  test('a member that every object has is refused in the model itself', () => {
    const broken: ServiceModel = {
      ...model,
      shapes: { ...shapes, Bad: { ...item, members: { toString: { shape: 'String' } } } },
    };
    assert.throws(() => jsonCodec.parse(broken, 'Bad', {}), /Bad has a member toString/);
  });
});
