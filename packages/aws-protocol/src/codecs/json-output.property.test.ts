// The law of what is written: it is what JSON.stringify would write of the same value.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import fc from 'fast-check';
import { shapedValue } from '../../test/shaped-value.ts';
import { encodeShapeAsJson } from './json.ts';
import { JsonOutput, jsonNameOf } from './json-output.ts';
import { shapeWriter } from './write-shape.ts';

type Given = Parameters<typeof encodeShapeAsJson>;

const write = shapeWriter({ open: () => new JsonOutput(), nameOf: jsonNameOf });
const written = (...given: Given): string => Buffer.from(write(...given)).toString('utf8');
const plain = (...given: Given): string => JSON.stringify(encodeShapeAsJson(...given));

describe('JSON as it is written', () => {
  test('is that of JSON.stringify, for random values of random shapes', () => {
    fc.assert(
      fc.property(shapedValue, ({ model, shape, value }) => {
        assert.equal(written(model, shape, value), plain(model, shape, value));
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same for pages of any size, with small and large records in any order', () => {
    const record = fc.record(
      {
        SequenceNumber: fc.string(),
        ApproximateArrivalTimestamp: fc.nat(2000),
        Data: fc.oneof(fc.nat(40), fc.nat(40_000)).map((length) => Buffer.alloc(length, 'millrace')),
        PartitionKey: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), fc.nat(20), (records, times) => {
        const page = { Records: Array.from({ length: times }, () => records).flat(), MillisBehindLatest: 0 };
        assert.equal(
          written(kinesisModel, 'GetRecordsOutput', page),
          plain(kinesisModel, 'GetRecordsOutput', page),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('of one body does not change when the next is written', () => {
    const first = write(kinesisModel, 'DeleteStreamInput', { StreamName: 'a' });
    write(kinesisModel, 'DeleteStreamInput', { StreamName: 'b' });
    assert.equal(Buffer.from(first).toString(), '{"StreamName":"a"}');
  });
});
