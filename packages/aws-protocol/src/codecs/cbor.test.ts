import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import fc from 'fast-check';
import { cborCodec } from './cbor.ts';
import { cborDepthMax, cborItemsMax } from './cbor-limits.ts';
import { MalformedBody } from './codec.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const ascii = (text: string): string => Buffer.from(text).toString('hex');
const name = (text: string): string => (0x60 + text.length).toString(16) + ascii(text);

const malformed = (body: Uint8Array) => assert.throws(() => cborCodec.decode(body), MalformedBody);

/** `{"Timestamp": …}` with the value given in hex. */
const timestampOf = (value: string): unknown => {
  const raw = cborCodec.decode(hex(`a1 ${name('Timestamp')} ${value}`));
  return (cborCodec.parse(kinesisModel, 'GetShardIteratorInput', raw) as { Timestamp: number }).Timestamp;
};

const float64 = (value: number): string => {
  const buffer = Buffer.alloc(9, 0xfb);
  buffer.writeDoubleBE(value, 1);
  return buffer.toString('hex');
};

const uint64 = (value: bigint): string => `1b${value.toString(16).padStart(16, '0')}`;

describe('CBOR as Java writes it', () => {
  test('maps and lists of indefinite length', () => {
    const body = hex(`bf ${name('Records')} 9f bf ${name('Data')} 43 010203 ff ff ff`);
    const input = cborCodec.parse(kinesisModel, 'PutRecordsInput', cborCodec.decode(body));
    assert.deepEqual(input, { Records: [{ Data: new Uint8Array([1, 2, 3]) }] });
  });

  test('text and bytes in chunks, also as a key, also none at all', () => {
    const body = hex(`bf 7f 62 ${ascii('Da')} 62 ${ascii('ta')} ff 5f 41 01 40 42 0203 ff 60 7fff ff`);
    assert.deepEqual(cborCodec.decode(body), { Data: Buffer.from([1, 2, 3]), '': '' });
  });

  test('numbers in more bytes than they need', () => {
    const body = hex(`a1 ${name('ShardCount')} ${uint64(3n)}`);
    assert.deepEqual(cborCodec.parse(kinesisModel, 'CreateStreamInput', cborCodec.decode(body)), {
      ShardCount: 3,
    });
  });

  test('base64 text where bytes are wanted, with the checks of JSON', () => {
    const parse = (Data: string) => cborCodec.parse(kinesisModel, 'PutRecordInput', { Data });
    assert.deepEqual(parse('AQID'), { Data: Buffer.from([1, 2, 3]) });
    assert.throws(() => parse('A'), { name: 'TypeMismatch' });
  });

  test('bytes where a string is wanted are refused', () => {
    assert.throws(
      () => cborCodec.parse(kinesisModel, 'PutRecordInput', { PartitionKey: new Uint8Array(1) }),
      {
        message: 'class java.nio.HeapByteBuffer can not be converted to an String',
      },
    );
  });
});

describe('CBOR timestamps', () => {
  test('an integer under tag 1 is milliseconds', () => {
    assert.equal(timestampOf(`c1 ${uint64(1_700_000_000_123n)}`), 1_700_000_000_123);
    assert.equal(timestampOf('c1 1903e8'), 1_000);
  });

  test('a float under tag 1 is seconds, even a whole one, unless it is too large for that', () => {
    assert.equal(timestampOf(`c1 ${float64(1_700_000_000.123)}`), 1_700_000_000_123);
    assert.equal(timestampOf(`c1 ${float64(1_700_000_000)}`), 1_700_000_000_000);
    assert.equal(timestampOf(`c1 ${float64(1_700_000_000_123)}`), 1_700_000_000_123);
  });

  test('a bare integer is milliseconds too', () => {
    assert.equal(timestampOf(uint64(1_700_000_000_123n)), 1_700_000_000_123);
  });

  test('a number beyond any date is capped, and what is no number is refused', () => {
    assert.equal(timestampOf(`c1 ${uint64(2n ** 64n - 1n)}`), 8.64e15);
    assert.equal(timestampOf(float64(Infinity)), 8.64e15);
    for (const value of [`c1 ${name('soon')}`, `c1 ${float64(Number.NaN)}`, float64(Number.NaN)]) {
      assert.throws(() => timestampOf(value), { name: 'TypeMismatch' });
    }
  });

  test('are written as integer milliseconds under tag 1', () => {
    const body = cborCodec.encode(kinesisModel, 'GetShardIteratorInput', { Timestamp: 1_700_000_000_123.4 });
    assert.equal(
      Buffer.from(body).toString('hex'),
      hexOf(`a1 ${name('Timestamp')} c1 ${uint64(1_700_000_000_123n)}`),
    );
  });

  const hexOf = (text: string): string => text.replaceAll(' ', '');
});

describe('CBOR numbers beyond 2^53', () => {
  test('are the nearest number, and an Integer is capped', () => {
    const large = hex(`a2 ${name('MillisBehindLatest')} ${uint64(2n ** 60n)} ${name('Records')} 80`);
    assert.deepEqual(cborCodec.parse(kinesisModel, 'GetRecordsOutput', cborCodec.decode(large)), {
      MillisBehindLatest: 2 ** 60,
      Records: [],
    });
    const count = hex(`a1 ${name('ShardCount')} ${uint64(2n ** 60n)}`);
    assert.deepEqual(cborCodec.parse(kinesisModel, 'CreateStreamInput', cborCodec.decode(count)), {
      ShardCount: 2_147_483_647,
    });
  });
});

describe('CBOR text', () => {
  test('keeps a byte order mark, whole or in chunks', () => {
    for (const text of ['\ufeff', '\ufeffa', `\ufeff${'a'.repeat(50)}`, `\ufeff${'a'.repeat(300)}`]) {
      const body = cborCodec.encode(kinesisModel, 'PutRecordInput', { PartitionKey: text });
      assert.deepEqual(cborCodec.decode(body), { PartitionKey: text });
    }
    assert.deepEqual(cborCodec.decode(hex('a1 61 61 7f 64 efbbbf61 ff')), { a: '\ufeffa' });
    assert.deepEqual(cborCodec.decode(hex('82 62 efbb bf ff')), ['\ufffd', {}]);
  });

  test('as a key may be __proto__', () => {
    const map = cborCodec.decode(hex(`a1 ${name('__proto__')} a1 ${name('StreamName')} 61 61`)) as object;
    assert.deepEqual(cborCodec.parse(kinesisModel, 'CreateStreamInput', map), {});
  });
});

describe('CBOR that is none', () => {
  test('is malformed: empty, cut short, with more after it, with a stray break', () => {
    for (const body of [
      '',
      'a1',
      'a161',
      '43 01',
      'a0 a0',
      'ff',
      '81 ff',
      'bf 61 61 ff ff',
      'c1',
      'c1 ff',
      '5f 41',
    ]) {
      malformed(hex(body));
    }
  });

  test('is malformed: a key that is no text, chunks of another type, a tag nobody knows', () => {
    for (const body of ['a1 01 02', '5f 61 61 ff', '7f 41 01 ff', '5f 5f 41 01 ff ff', 'd8 63 01', 'f8 20']) {
      malformed(hex(body));
    }
  });

  test('cannot claim more than it has', () => {
    for (const head of ['5b', '7b', '9b', 'bb']) {
      malformed(hex(`${head} 001fffffffffffff`));
      malformed(hex(`${head} ffffffffffffffff`));
    }
  });

  test('is malformed beyond the bound of depth, in every kind of nesting', () => {
    const nested = (open: string, depth: number, end = '') =>
      hex(`${open.repeat(depth)} 80 ${end.repeat(depth)}`);
    cborCodec.decode(nested('81', cborDepthMax - 1));
    malformed(nested('81', cborDepthMax));
    malformed(nested('9f', cborDepthMax, 'ff'));
    malformed(nested('a16161', cborDepthMax));
    malformed(nested('81c1', 100_000));
    malformed(nested('c1', 1_000_000));
  });

  test('a list of one item after the other is not depth', () => {
    const body = Buffer.concat([hex('9f'), Buffer.alloc(1_000 * 2, hex('81 01')), hex('ff')]);
    assert.equal((cborCodec.decode(body) as unknown[]).length, 1_000);
  });

  test('is malformed beyond the bound of items', () => {
    const items = (count: number) => Buffer.concat([hex('9f'), Buffer.alloc(count, 0x80), hex('ff')]);
    malformed(items(cborItemsMax));
    malformed(Buffer.concat([hex('5f'), Buffer.alloc(cborItemsMax, 0x40), hex('ff')]));
  });

  test('bytes that were read do not change when the body does', () => {
    const body = Buffer.from(hex(`a1 ${name('Data')} 43 010203`));
    const raw = cborCodec.decode(body) as { Data: Uint8Array };
    body.fill(0);
    assert.deepEqual([...raw.Data], [1, 2, 3]);
  });

  test('any head byte with anything after it gives a value or MalformedBody', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 20 }), (head, rest) => {
        try {
          cborCodec.decode(Buffer.from([head, ...rest]));
        } catch (error) {
          assert.ok(error instanceof MalformedBody);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
