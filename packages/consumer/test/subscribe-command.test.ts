import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RecordsEvent } from '../src/reading/transport.ts';
import { AwsAnswers } from './aws-answers.ts';
import { event, eventFrame } from './event-frame.ts';

const TYPE = 'application/vnd.amazon.eventstream';
const INITIAL = event('initial-response', {});
const HashKeyRange = { StartingHashKey: '0', EndingHashKey: '9' };

describe('a subscription', () => {
  const answers = new AwsAnswers();
  before(() => answers.start());
  after(() => answers.end());

  const read = async (isOwn: boolean, frames: readonly Buffer[]): Promise<RecordsEvent[]> => {
    const transport = answers.transport({ type: TYPE, body: Buffer.concat(frames) }, isOwn);
    const request = {
      consumerArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/billing:1',
      shardId: 'shardId-000000000000',
      start: { kind: 'initial' as const, position: 'TRIM_HORIZON' as const },
    };
    const events: RecordsEvent[] = [];
    const seen = transport.subscribe(request, new AbortController().signal);
    for await (const one of seen) events.push(one);
    return events;
  };
  const plain = (events: readonly RecordsEvent[]) =>
    events.map(({ records, ...others }) => ({
      ...others,
      records: records.map(({ data, ...record }) => ({ ...record, data: Buffer.from(data).toString('hex') })),
    }));
  const record = {
    SequenceNumber: '1',
    PartitionKey: 'Zoë',
    Data: 'AP8=',
    ApproximateArrivalTimestamp: 1.5e9,
  };
  const EVENTS = [
    event('SubscribeToShardEvent', {
      Records: [record],
      ContinuationSequenceNumber: '1',
      MillisBehindLatest: 5,
    }),
    event('SubscribeToShardEvent', { Records: [], ContinuationSequenceNumber: '1', MillisBehindLatest: 0 }),
    event('SubscribeToShardEvent', {
      Records: [],
      MillisBehindLatest: 0,
      ChildShards: [
        { ShardId: 'shardId-000000000001', ParentShards: ['shardId-000000000000'], HashKeyRange },
      ],
    }),
  ];

  test('is read as the SDK reads it', async () => {
    const ours = await read(true, [INITIAL, ...EVENTS]);
    assert.deepEqual(plain(ours), plain(await read(false, [INITIAL, ...EVENTS])));
    assert.equal(ours.length, 3);
    assert.equal(ours[0]?.records[0]?.partitionKey, 'Zoë');
    assert.deepEqual(ours[2]?.childShards[0]?.parentShardIds, ['shardId-000000000000']);
  });

  test('that begins otherwise than it should is left to the SDK', async () => {
    assert.deepEqual(plain(await read(true, EVENTS)), plain(await read(false, EVENTS)));
  });

  for (const isOwn of [true, false]) {
    test(`ends with the service's exception, read by ${isOwn ? 'us' : 'the SDK'}`, async () => {
      const headers = { ':message-type': 'exception', ':exception-type': 'ResourceNotFoundException' };
      const exception = eventFrame(headers, JSON.stringify({ message: 'the consumer is gone' }));
      const expected = { name: 'ResourceNotFoundException', message: 'the consumer is gone' };
      await assert.rejects(read(isOwn, [INITIAL, ...EVENTS.slice(0, 1), exception]), expected);
      await assert.rejects(read(isOwn, [exception]), expected);
    });
  }

  test('ends with the service’s error', async () => {
    const headers = {
      ':message-type': 'error',
      ':error-code': 'InternalFailure',
      ':error-message': 'no more',
    };
    await assert.rejects(read(true, [INITIAL, eventFrame(headers, '')]), {
      name: 'InternalFailure',
      message: 'no more',
    });
  });

  test('whose connection is cut in the middle of an event is refused', async () => {
    const [first = Buffer.alloc(0)] = EVENTS;
    await assert.rejects(read(true, [INITIAL, first.subarray(0, -3)]), { name: 'DamagedEventStream' });
  });

  test('that is refused at once is the SDK’s error', async () => {
    const body = JSON.stringify({ __type: 'ResourceInUseException', message: 'another has it' });
    const transport = answers.transport({ status: 400, body }, true);
    const request = {
      consumerArn: 'arn:x',
      shardId: 's',
      start: { kind: 'after' as const, sequenceNumber: '1' },
    };
    await assert.rejects(
      transport.subscribe(request, new AbortController().signal)[Symbol.asyncIterator]().next(),
      {
        name: 'ResourceInUseException',
      },
    );
  });
});
