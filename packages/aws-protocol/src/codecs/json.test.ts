import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { MalformedBody } from './codec.ts';
import { jsonCodec } from './json.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array): string => new TextDecoder().decode(body);

const timestampOf = (json: string): unknown => {
  const raw = jsonCodec.decode(bytes(`{"Timestamp":${json}}`));
  return (jsonCodec.parse(kinesisModel, 'GetShardIteratorInput', raw) as { Timestamp: number }).Timestamp;
};

describe('JSON', () => {
  test('what is not JSON, or not UTF-8, is malformed', () => {
    for (const body of [
      bytes(''),
      bytes('{'),
      bytes('{}x'),
      bytes('\ufeff{}'),
      new Uint8Array([0x22, 0xff, 0x22]),
    ]) {
      assert.throws(() => jsonCodec.decode(body), MalformedBody);
    }
  });

  test('a body nested without end is a body or malformed, and never an overflow', () => {
    const deep = jsonCodec.decode(bytes(`{"Records":${'['.repeat(200_000)}${']'.repeat(200_000)}}`));
    assert.throws(() => jsonCodec.parse(kinesisModel, 'PutRecordsInput', deep), { name: 'TypeMismatch' });
  });

  test('timestamps come as seconds with a fraction', () => {
    assert.equal(timestampOf('1700000000.123'), 1_700_000_000_123);
    assert.equal(timestampOf('0'), 0);
    assert.equal(timestampOf('-1.5'), -1_500);
  });

  test('a timestamp above 1e11 is milliseconds: Java SDK v1 sends those', () => {
    assert.equal(timestampOf('1700000000123'), 1_700_000_000_123);
    assert.equal(timestampOf('1e11'), 100_000_000_000_000);
  });

  test('a timestamp beyond any date is capped', () => {
    assert.equal(timestampOf('1e999'), 8.64e15);
  });

  test('timestamps go as seconds with a fraction, blobs as base64', () => {
    const body = jsonCodec.encode(kinesisModel, 'Record', {
      SequenceNumber: '1',
      ApproximateArrivalTimestamp: 1_700_000_000_123,
      Data: new Uint8Array([1, 2, 3]),
      PartitionKey: 'é"\n',
    });
    assert.deepEqual(JSON.parse(text(body)), {
      SequenceNumber: '1',
      ApproximateArrivalTimestamp: 1_700_000_000.123,
      Data: 'AQID',
      PartitionKey: 'é"\n',
    });
  });

  test('a view into a larger buffer is written as the bytes that it shows', () => {
    const view = new Uint8Array([9, 9, 1, 2, 3, 9]).subarray(2, 5);
    const body = jsonCodec.encode(kinesisModel, 'PutRecordInput', { Data: view });
    assert.equal(text(body), '{"Data":"AQID"}');
  });
});
