import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, AwsAnswers } from './aws-answers.ts';

const signal = new AbortController().signal;

describe('an answer with records', () => {
  const answers = new AwsAnswers();
  before(() => answers.start());
  after(() => answers.end());
  const read = (isOwn: boolean, answer: Answer) =>
    answers.transport(answer, isOwn).getRecords('an iterator', 10, signal);
  /** The same, whoever reads it. */
  const readBoth = async (given: Answer) => {
    const [ours, theirs] = [await read(true, given), await read(false, given)];
    const plain = ({ records, ...others }: typeof ours) => ({
      ...others,
      records: records.map(({ data, ...record }) => ({ ...record, data: Buffer.from(data).toString('hex') })),
    });
    assert.deepEqual(plain(ours), plain(theirs));
    return ours;
  };
  const body = (members: object): string => JSON.stringify(members);

  test('is read as the SDK reads it: texts, bytes, times in milliseconds', async () => {
    const { records, nextIterator, millisBehindLatest } = await readBoth({
      body: body({
        Records: [
          {
            SequenceNumber: '1',
            PartitionKey: 'Zoë 車',
            Data: 'AP8=',
            ApproximateArrivalTimestamp: 1790000000.123,
          },
          { SequenceNumber: '2', PartitionKey: 'b', Data: '', ApproximateArrivalTimestamp: 1790000001 },
          { SequenceNumber: '3', Data: 'YQ==', ApproximateArrivalTimestamp: 1.5e9 },
        ],
        NextShardIterator: 'next',
        MillisBehindLatest: 7,
      }),
    });
    assert.deepEqual(
      records.map(({ partitionKey, arrived }) => [partitionKey, arrived.getTime()]),
      [
        ['Zoë 車', 1790000000123],
        ['b', 1790000001000],
        ['', 1500000000000],
      ],
    );
    assert.deepEqual([nextIterator, millisBehindLatest], ['next', 7]);
  });

  test('may be the last of its shard, with its children', async () => {
    const HashKeyRange = { StartingHashKey: '0', EndingHashKey: '9' };
    const ChildShards = [
      { ShardId: 'shardId-000000000001', ParentShards: ['shardId-000000000000'], HashKeyRange },
    ];
    const last = await readBoth({
      body: body({ Records: [], NextShardIterator: null, MillisBehindLatest: 0, ChildShards }),
    });
    assert.equal(last.nextIterator, undefined);
    assert.deepEqual(
      last.childShards.map(({ shardId, parentShardIds }) => [shardId, parentShardIds]),
      [['shardId-000000000001', ['shardId-000000000000']]],
    );
  });

  test('that is an error is the SDK’s error', async () => {
    const refused = { status: 400, body: body({ __type: 'ExpiredIteratorException', message: 'too old' }) };
    await assert.rejects(read(true, refused), { name: 'ExpiredIteratorException', message: 'too old' });
  });

  test('in another format is left to the SDK', async () => {
    const other = { type: 'text/plain', body: body({ Records: [], NextShardIterator: 'x' }) };
    assert.equal((await readBoth(other)).nextIterator, 'x');
  });

  test('that was cut off is refused', async () => {
    await assert.rejects(read(true, { body: '{"Records":[{"Sequ' }), { name: 'SyntaxError' });
  });
});
