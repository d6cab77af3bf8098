import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AggregateBuilder,
  deaggregate,
  type HashKey,
  type HashKeyRange,
  knownKeys,
  parseHashKey,
  type UserRecord,
} from '@millrace/aggregation';
import fc from 'fast-check';
import { content, entry, envelope, number } from './naive.ts';

const hashKey = (value: bigint): HashKey => {
  const parsed = parseHashKey(String(value));
  assert(parsed !== undefined);
  return parsed;
};

const range = (start: bigint, end: bigint): HashKeyRange => ({ start: hashKey(start), end: hashKey(end) });

const aggregateOf = (records: readonly UserRecord[]): UserRecord => {
  const aggregate = new AggregateBuilder();
  for (const record of records) aggregate.add(record);
  return aggregate.build();
};

const at = (explicitHashKey: string): UserRecord => ({
  partitionKey: 'k',
  explicitHashKey,
  data: Buffer.from('data'),
});

test('of an aggregate that lies in its shard nothing is dropped, the ends belonging to the shard', () => {
  const { records, outsideCount } = deaggregate(aggregateOf([at('10'), at('15'), at('20')]), {
    range: range(10n, 20n),
  });
  assert.equal(records.length, 3);
  assert.equal(outsideCount, 0);
});

test('an aggregate of which a part lies outside is dropped whole, and counted', () => {
  const counted = deaggregate(aggregateOf([at('9'), at('10'), at('21')]), { range: range(10n, 20n) });
  assert.deepEqual(counted, { isAggregate: true, records: [], outsideCount: 2, droppedCount: 3 });
});

test('it is delivered whole, and the strangers counted, where that is asked for', () => {
  const aggregate = aggregateOf([at('9'), at('10'), at('21')]);
  const { records, outsideCount, droppedCount } = deaggregate(aggregate, {
    range: range(10n, 20n),
    outside: 'deliver',
  });
  assert.deepEqual([records.length, outsideCount, droppedCount], [3, 2, 0]);
});

test('without explicit hash keys records fall on the MD5 of their partition keys', () => {
  // 0cc1… and 92eb…: the digests of "a" and "b".
  const records = ['a', 'b'].map((partitionKey) => ({ partitionKey, data: Buffer.from(partitionKey) }));
  const half = 1n << 127n;
  const lower = deaggregate(aggregateOf(records), { range: range(0n, half - 1n), outside: 'deliver' });
  const upper = deaggregate(aggregateOf(records), { range: range(half, half * 2n - 1n), outside: 'deliver' });
  assert.deepEqual([lower.outsideCount, upper.outsideCount], [1, 1]);
});

test('a record that is no aggregate is not asked where it belongs', () => {
  const { records } = deaggregate(
    { partitionKey: 'a', data: Buffer.from('plain') },
    { range: range(0n, 0n) },
  );
  assert.equal(records.length, 1);
});

test('a long key of many records is hashed once', () => {
  // Hashing it for each of the records would take minutes.
  const key = content(1, 'k'.repeat(4_000_000));
  const records = Array.from({ length: 200_000 }, () => entry(number(1, 0), content(3, '')));
  const { outsideCount } = deaggregate(
    { partitionKey: 'a', data: envelope(key, Buffer.concat(records)) },
    { range: range(0n, 0n) },
  );
  assert.equal(outsideCount, 200_000);
});

test('hash keys compare as the numbers do', () => {
  const value = fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, (1n << 128n) - 1n));
  fc.assert(fc.property(value, value, (a, b) => assert.equal(hashKey(a) < hashKey(b), a < b)));
});

test('a text that is no decimal number of the space is no hash key', () => {
  for (const text of ['', '-1', '01', '1.0', '1e3', '0x1', ' 1', String(1n << 128n), '9'.repeat(40)])
    assert.equal(parseHashKey(text), undefined, text);
});

test('what is known of keys from other records changes nothing', () => {
  const key = fc.constantFrom('1', '2', '30', 'ada');
  const record = fc.record(
    {
      partitionKey: key,
      explicitHashKey: fc.constantFrom('1', '2', '30'),
      data: fc.constant(Buffer.from('d')),
    },
    { requiredKeys: ['partitionKey', 'data'] },
  );
  const few = fc.array(record, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(few, { maxLength: 6 }), (aggregates) => {
      const known = knownKeys();
      for (const records of aggregates) {
        const options = { range: range(0n, 10n), outside: 'deliver' } as const;
        const aggregate = aggregateOf(records);
        assert.deepEqual(deaggregate(aggregate, { ...options, known }), deaggregate(aggregate, options));
      }
    }),
  );
});
