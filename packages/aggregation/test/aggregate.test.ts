import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { AggregateBuilder, deaggregate, decodeAggregate, type UserRecord } from '@millrace/aggregation';
import fc from 'fast-check';
import { naiveAggregate, userRecord, userRecords } from './naive.ts';

const text = (value: string): Buffer => Buffer.from(value);

const build = (records: readonly UserRecord[]): UserRecord => {
  const aggregate = new AggregateBuilder();
  for (const record of records) assert(aggregate.add(record));
  return aggregate.build();
};

const plain = (records: readonly UserRecord[] = []): object[] =>
  records.map(({ partitionKey, explicitHashKey, data }) => ({
    partitionKey,
    explicitHashKey,
    data: Buffer.from(data).toString('hex'),
  }));

/** Bytes that the reference implementation of Protocol Buffers for JavaScript wrote. */
const GOLDEN: Readonly<Record<string, { records: readonly UserRecord[]; hashKey: string; hex: string }>> = {
  'two keys': {
    records: [
      { partitionKey: 'a', data: text('one') },
      { partitionKey: 'b', data: text('two') },
    ],
    hashKey: '16955237001963240173058271559858726497',
    hex: 'f3899ac20a01610a01621a0708001a036f6e651a0708011a0374776f7896626e4b54750e07fcfeb458e8a37e',
  },
  'keys that look like numbers, one of them twice': {
    records: [
      { partitionKey: '10', data: text('ten') },
      { partitionKey: '9', data: text('nine') },
      { partitionKey: '10', data: text('again') },
    ],
    hashKey: '281595222973318803755638905082365601824',
    hex: 'f3899ac20a0231300a01391a0708001a0374656e1a0808011a046e696e651a0908001a05616761696efd4242e33e358f95c05370c484cb29e6',
  },
  'explicit hash keys, no data, bytes above 127': {
    records: [
      { partitionKey: 'k', explicitHashKey: '340282366920938463463374607431768211455', data: text('max') },
      { partitionKey: 'k', data: text('') },
      { partitionKey: 'Größe', explicitHashKey: '0', data: text('\0ÿ') },
    ],
    hashKey: '340282366920938463463374607431768211455',
    hex: 'f3899ac20a016b0a074772c3b6c39f6512273334303238323336363932303933383436333436333337343630373433313736383231313435351201301a09080010001a036d61781a0408001a001a09080110011a0300c3bf1f790d71fc3b3aa31d726a4a12e98e6b',
  },
};

for (const [name, { records, hashKey, hex }] of Object.entries(GOLDEN)) {
  test(`an aggregate has the bytes of the format: ${name}`, () => {
    const built = build(records);
    assert.equal(Buffer.from(built.data).toString('hex'), hex);
    assert.equal(built.partitionKey, 'a');
    assert.equal(built.explicitHashKey, hashKey);
  });
  test(`an aggregate of another writer is read: ${name}`, () => {
    assert.deepEqual(plain(decodeAggregate(Buffer.from(hex, 'hex'))), plain(records));
  });
}

test('tags, which nobody uses, are passed over', () => {
  const hex =
    'f3899ac20a01610a01621a1608001a036f6e65220d0a06636f6c6f757212037265641a1608011a0374776f220d0a06636f6c6f757212037265647680168009c4149e7f31ac9ccaf8a0d0';
  assert.deepEqual(plain(decodeAggregate(Buffer.from(hex, 'hex'))), plain(GOLDEN['two keys']?.records));
});

test('an aggregate has the bytes of the naive model, and falls where its first record does', () => {
  fc.assert(
    fc.property(userRecords(2), (records) => {
      const { data, explicitHashKey } = build(records);
      assert.deepEqual(Buffer.from(data), naiveAggregate(records));
      const first = records[0];
      const digest = createHash('md5')
        .update(first?.partitionKey ?? '')
        .digest('hex');
      assert.equal(explicitHashKey, first?.explicitHashKey ?? String(BigInt(`0x${digest}`)));
    }),
  );
});

test('what was aggregated comes back, in order and numbered from 0', () => {
  fc.assert(
    fc.property(userRecords(2), (records) => {
      const { isAggregate, records: back, droppedCount } = deaggregate(build(records));
      assert(isAggregate);
      assert.equal(droppedCount, 0);
      assert.deepEqual(plain(back), plain(records));
      assert.deepEqual(
        back.map(({ subSequenceNumber }) => subSequenceNumber),
        records.map((_, index) => index),
      );
    }),
  );
});

test('a batch of one is the record itself', () => {
  fc.assert(fc.property(userRecord, (record) => assert.equal(build([record]), record)));
});

test('the size is known to the byte before a record is added', () => {
  fc.assert(
    fc.property(userRecords(2), (records) => {
      const aggregate = new AggregateBuilder();
      for (const [index, record] of records.entries()) {
        const after = aggregate.bytesAfter(record);
        aggregate.add(record);
        assert.equal(aggregate.bytes, after);
        assert.equal(aggregate.count, index + 1);
        if (index > 0) assert.equal(aggregate.build().data.length, after);
      }
    }),
    { numRuns: 30 },
  );
});

test('a record that would pass the maximum is refused and leaves no trace', () => {
  fc.assert(
    fc.property(userRecords(2), fc.integer({ min: 100, max: 40_000 }), (records, bytesMax) => {
      const aggregate = new AggregateBuilder();
      const taken = records.filter((record) => aggregate.add(record, bytesMax));
      assert(aggregate.bytes <= bytesMax);
      if (taken.length > 1) assert.deepEqual(Buffer.from(aggregate.build().data), naiveAggregate(taken));
    }),
  );
});
