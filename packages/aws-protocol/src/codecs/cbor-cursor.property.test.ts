// Laws of the short way into the server, for CBOR, and of what is written:
// 1. What it reads is what the long way, by the library, reads, for whole and for damaged bodies; else it says nothing.
// 2. Bodies as clients write them do not go the long way.
// 3. The library reads what is written.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel } from '@millrace/aws-model';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { decode as readCbor, encode as writeCbor } from 'cborg';
import fc from 'fast-check';
import { mutate, mutation } from '../../test/mutation.ts';
import { comparable, shapedValue } from '../../test/shaped-value.ts';
import { cborCodec } from './cbor.ts';
import { cborDepthMax, cborItemsMax } from './cbor-limits.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

const short = (model: ServiceModel, shape: string, body: Uint8Array): unknown =>
  cborCodec.read?.(model, shape, body);

const long = (model: ServiceModel, shape: string, body: Uint8Array): unknown =>
  cborCodec.parse(model, shape, cborCodec.decode(body));

/** True when the short way has read the body. */
const agree = (model: ServiceModel, shape: string, body: Uint8Array): boolean => {
  const value = short(model, shape, body);
  if (value === undefined) return false;
  const wanted = comparable(long(model, shape, body));
  assert.deepEqual(comparable(value), wanted, Buffer.from(body).toString('hex'));
  return true;
};

/** Maps and lists of indefinite length, as Jackson writes them. */
const asJackson = (value: unknown): Uint8Array => {
  if (Array.isArray(value)) return Buffer.concat([hex('9f'), ...value.map(asJackson), hex('ff')]);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return writeCbor(value);
  const members = Object.entries(value).flatMap(([name, member]) => [writeCbor(name), asJackson(member)]);
  return Buffer.concat([hex('bf'), ...members, hex('ff')]);
};

const bodies: Readonly<Record<string, object>> = {
  PutRecordsInput: {
    StreamName: 'orders',
    Records: [
      { Data: new Uint8Array([1, 2, 3]), PartitionKey: 'a', ExplicitHashKey: '7' },
      { Data: new Uint8Array(300), PartitionKey: 'ключ'.repeat(20) },
      { Data: new Uint8Array(0), PartitionKey: '\ufeffb' },
    ],
  },
  CreateStreamInput: { StreamName: 'a', ShardCount: 70_000, Tags: { a: 'b', ['__proto__']: 'c', 7: 'e' } },
};

describe('the short way through CBOR', () => {
  test('reads every whole value of every shape as the library does', () => {
    fc.assert(
      fc.property(shapedValue, ({ model, shape, value }) => {
        assert.ok(agree(model, shape, cborCodec.encode(model, shape, value)));
      }),
      { numRuns: 1000 },
    );
  });

  for (const [shape, value] of Object.entries(bodies)) {
    for (const [writer, body] of [
      ['the library', writeCbor(value)],
      ['Jackson', asJackson(value)],
    ] as const) {
      test(`reads ${shape} as ${writer} writes it, and takes no damaged one for another`, () => {
        assert.ok(agree(kinesisModel, shape, body));
        fc.assert(
          fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
            agree(kinesisModel, shape, mutations.reduce(mutate, body));
          }),
          { numRuns: 5000 },
        );
      });
    }
  }

  test('reads numbers, words and timestamps as the library does, however they are written', () => {
    const head = fc.constantFrom(
      ...[0, 1, 6, 7].flatMap((kind) => Array.from({ length: 32 }, (_, low) => (kind << 5) | low)),
    );
    const member = fc.constantFrom('ShardCount', 'Timestamp', 'DryRun', 'Limit', 'WarmThroughputMiBps');
    const shape = fc.constantFrom('CreateStreamInput', 'GetShardIteratorInput', 'GetRecordsInput');
    fc.assert(
      fc.property(shape, member, head, fc.uint8Array({ maxLength: 10 }), (input, name, first, rest) => {
        agree(kinesisModel, input, Buffer.concat([hex('a1'), writeCbor(name), Uint8Array.of(first), rest]));
      }),
      { numRuns: 5000 },
    );
  });

  test('leaves to the long way: nulls, unknown members, another type, no UTF-8, and what follows the end', () => {
    const name = '6a 53747265616d4e616d65';
    const others = [`a1 ${name} f6`, 'a1 61 61 01', `a1 ${name} 01`, 'a0 a0', '80', '', `a1 ${name} 62 c328`];
    for (const body of others)
      assert.equal(short(kinesisModel, 'CreateStreamInput', hex(body)), undefined, body);
  });

  test('has the bounds of the long way', () => {
    const names = Buffer.alloc(cborItemsMax, 0x60);
    const tags = (count: number) =>
      Buffer.concat([hex('a1 67 5461674b657973 9f'), names.subarray(0, count), hex('ff')]);
    assert.ok(agree(kinesisModel, 'UntagResourceInput', tags(1000)));
    assert.equal(short(kinesisModel, 'UntagResourceInput', tags(cborItemsMax)), undefined);
    const node = { type: 'structure', members: { N: { shape: 'Node' } }, required: [] } as const;
    const model = { ...kinesisModel, shapes: { Node: node } };
    const nested = (depth: number) => hex(`${'a1 61 4e'.repeat(depth - 1)} a0`);
    assert.ok(agree(model, 'Node', nested(cborDepthMax - 1)));
    assert.equal(short(model, 'Node', nested(cborDepthMax + 1)), undefined);
    assert.equal(short(model, 'Node', nested(100_000)), undefined);
  });

  test('cannot be made to set aside what a body only claims', () => {
    for (const value of ['5b 001fffffffffffff', '9b 001fffffffffffff', '7b ffffffffffffffff']) {
      assert.equal(short(kinesisModel, 'PutRecordInput', hex(`a1 64 44617461 ${value}`)), undefined);
    }
  });

  test('bytes that were read do not change when the body does', () => {
    const body = hex('a1 64 44617461 43 010203');
    const value = short(kinesisModel, 'PutRecordInput', body) as { readonly Data: Uint8Array };
    body.fill(0);
    assert.deepEqual([...value.Data], [1, 2, 3]);
  });
});

describe('CBOR as it is written', () => {
  test('is what the library reads, numbers and lengths of any size', () => {
    const limits = [23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
    for (const limit of limits) {
      for (const MillisBehindLatest of [limit, -limit, -limit - 1, limit + 0.5]) {
        const body = cborCodec.encode(kinesisModel, 'GetRecordsOutput', { MillisBehindLatest });
        assert.deepEqual(readCbor(body), { MillisBehindLatest });
      }
    }
    for (const length of [0, 23, 24, 255, 256, 65_535, 65_536, 200_000]) {
      const record = { PartitionKey: 'é'.repeat(length), Data: Buffer.alloc(length, 7) };
      const body = cborCodec.encode(kinesisModel, 'PutRecordInput', record);
      const { PartitionKey, Data } = readCbor(body) as typeof record;
      assert.ok(PartitionKey === record.PartitionKey && Buffer.from(Data).equals(record.Data));
    }
  });
});
