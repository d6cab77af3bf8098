import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deaggregate, decodeAggregate } from '@millrace/aggregation';
import fc from 'fast-check';
import { content, entry, envelope, naiveAggregate, number, userRecords, varint } from './naive.ts';

const KEY = content(1, 'ada');
const FIRST = entry(number(1, 0), content(3, 'data'));
const GROUP = Buffer.concat([varint(9 * 8 + 3), number(1, 5), content(2, 'x'), varint(9 * 8 + 4)]);
const groups = (depth: number): Buffer =>
  Buffer.concat([Buffer.alloc(depth, 1 * 8 + 3), Buffer.alloc(depth, 1 * 8 + 4)]);

const READ: Readonly<Record<string, Buffer>> = {
  'tables behind the records': envelope(FIRST, KEY),
  'fields of a record in another order': envelope(KEY, entry(content(3, 'data'), number(1, 0))),
  'a field that is given twice, of which the last counts': envelope(
    KEY,
    entry(number(1, 7), content(3, 'lost'), number(1, 0), content(3, 'data')),
  ),
  'unknown fields of every wire type': envelope(
    number(4, 300),
    content(5, 'unknown'),
    Buffer.concat([varint(6 * 8 + 1), Buffer.alloc(8)]),
    Buffer.concat([varint(7 * 8 + 5), Buffer.alloc(4)]),
    GROUP,
    KEY,
    entry(number(1, 0), GROUP, content(3, 'data'), number(100_000, 1)),
  ),
  'known field numbers with another wire type': envelope(number(1, 5), number(3, 5), KEY, FIRST),
  'an index in more bytes than it needs': envelope(
    KEY,
    entry(Buffer.from('0880808000', 'hex'), content(3, 'data')),
  ),
  'groups within groups': envelope(groups(50), KEY, FIRST),
};

const UNTOUCHED: Readonly<Record<string, Buffer>> = {
  'nothing at all': Buffer.alloc(0),
  'no magic': Buffer.from('an ordinary record that is long enough'),
  'magic and nothing else': Buffer.from('f3899ac2', 'hex'),
  'an envelope around nothing': envelope(),
  'an index beyond its table': envelope(KEY, entry(number(1, 1), content(3, 'data'))),
  'an index of 64 bits': envelope(KEY, entry(number(1, (1n << 64n) - 1n), content(3, 'data'))),
  'a hash key index beyond its table': envelope(KEY, entry(number(1, 0), number(2, 0), content(3, 'data'))),
  'a hash key that is no number': envelope(KEY, content(2, '0x10'), FIRST),
  'a hash key beyond the space': envelope(KEY, content(2, String(1n << 128n)), FIRST),
  'a record without a partition key': envelope(KEY, entry(content(3, 'data'))),
  'a record without data': envelope(KEY, entry(number(1, 0))),
  'a length beyond the end': envelope(KEY, Buffer.from('1a7f', 'hex')),
  'a number that never ends': envelope(KEY, FIRST, Buffer.alloc(12, 0x80)),
  'a number that is cut off': envelope(KEY, FIRST, Buffer.of(0x08, 0x80)),
  'field number 0': envelope(KEY, FIRST, Buffer.of(0x02, 0x00)),
  'a wire type that there is not': envelope(KEY, FIRST, Buffer.of(0x0f)),
  'a group that ends without a beginning': envelope(KEY, FIRST, Buffer.of(0x0c)),
  'a group without end': envelope(KEY, FIRST, Buffer.of(0x0b)),
  'a thousand groups within each other': envelope(KEY, FIRST, groups(1_000)),
};

for (const [name, data] of Object.entries(READ)) {
  test(`is read: ${name}`, () => {
    const [record, ...more] = decodeAggregate(data) ?? [];
    assert.deepEqual(more, []);
    assert.deepEqual(record, { partitionKey: 'ada', data: Buffer.from('data') });
  });
}

for (const [name, data] of Object.entries(UNTOUCHED)) {
  test(`is no aggregate, and passes untouched: ${name}`, () => {
    const { isAggregate, records, droppedCount } = deaggregate({ partitionKey: 'outer', data });
    assert.equal(isAggregate, false);
    assert.equal(droppedCount, 0);
    assert.deepEqual(records, [{ partitionKey: 'outer', data, subSequenceNumber: 0 }]);
    assert.equal(records[0]?.data, data);
  });
}

test('an aggregate of no records holds none', () => {
  assert.deepEqual(decodeAggregate(envelope(KEY)), []);
});

test('one changed bit anywhere makes it an ordinary record', () => {
  fc.assert(
    fc.property(userRecords(2), fc.nat(), (records, place) => {
      const data = naiveAggregate(records);
      const bit = place % (data.length * 8);
      data.writeUInt8(data.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.equal(decodeAggregate(data), undefined);
    }),
  );
});

test('whatever bytes come, with a right digest too, are read or passed, and never more than they could hold', () => {
  const hostile = fc
    .array(
      fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(KEY, FIRST, GROUP), fc.nat(50).map(varint)),
      {
        maxLength: 20,
      },
    )
    .map((pieces) => envelope(...pieces.map((piece) => Buffer.from(piece))));
  fc.assert(
    fc.property(fc.oneof(hostile, fc.uint8Array({ maxLength: 200 })), (data) => {
      const { records } = deaggregate({ partitionKey: 'outer', data });
      // The shortest entry takes six bytes.
      assert(records.length <= Math.max(1, data.length / 6));
      for (const record of records) assert.equal(typeof record.partitionKey, 'string');
    }),
    { numRuns: 5_000 },
  );
});

test('a view into a larger buffer is read where it lies', () => {
  const data = envelope(KEY, FIRST);
  const around = new Uint8Array(data.length + 20);
  around.set(data, 7);
  assert.equal(decodeAggregate(around.subarray(7, 7 + data.length))?.[0]?.partitionKey, 'ada');
});
