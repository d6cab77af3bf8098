import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsumedRecord } from '@millrace/consumer';
import {
  checkpointAnswer,
  initializeRequest,
  lineOf,
  messageFrom,
  processRecordsRequest,
  type Request,
} from './messages.ts';

const sent = (message: object): unknown => {
  const line = lineOf(message);
  assert.match(line, /^[^\n]+\n$/);
  return JSON.parse(line);
};

const record: ConsumedRecord = {
  streamName: 'orders',
  shardId: 'shardId-000000000000',
  sequenceNumber: '49500000000000000000000000000000000000000000000000000001',
  subSequenceNumber: 3,
  partitionKey: 'ada\n"é"',
  data: Buffer.from([0, 255, 10]),
  arrived: new Date(1_790_000_000_123),
};

test('initialize says where the shard begins', () => {
  const checkpoint = { sequenceNumber: 'TRIM_HORIZON', subSequenceNumber: 0 };
  const beginning = { streamName: 'orders', shardId: record.shardId, checkpoint, pending: undefined };
  assert.deepEqual(sent(initializeRequest(beginning)), {
    action: 'initialize',
    shardId: record.shardId,
    sequenceNumber: 'TRIM_HORIZON',
    subSequenceNumber: 0,
  });
});

test('records carry their data in base64 and their arrival in milliseconds', () => {
  assert.deepEqual(sent(processRecordsRequest([record], 17)), {
    action: 'processRecords',
    millisBehindLatest: 17,
    records: [
      {
        action: 'record',
        partitionKey: record.partitionKey,
        sequenceNumber: record.sequenceNumber,
        subSequenceNumber: 3,
        approximateArrivalTimestamp: 1_790_000_000_123,
        data: 'AP8K',
      },
    ],
  });
});

test('what has nothing to say is its action alone', () => {
  const request: Request = { action: 'shardEnded' };
  assert.equal(lineOf(request), '{"action":"shardEnded"}\n');
});

test('the answer to a checkpoint names both numbers and the error, though they are null', () => {
  const wish = { action: 'checkpoint', sequenceNumber: null, subSequenceNumber: null } as const;
  assert.deepEqual(sent(checkpointAnswer(wish, null)), { ...wish, error: null });
  const answer = checkpointAnswer({ ...wish, sequenceNumber: '5' }, 'ShutdownException');
  assert.deepEqual(sent(answer), { ...wish, sequenceNumber: '5', error: 'ShutdownException' });
});

test('a checkpoint may leave out what it does not mean', () => {
  const nothing = { action: 'checkpoint', sequenceNumber: null, subSequenceNumber: null };
  assert.deepEqual(messageFrom('{"action":"checkpoint"}'), nothing);
  assert.deepEqual(messageFrom('{"action":"checkpoint","sequenceNumber":null,"x":1}'), nothing);
  const placed = { ...nothing, sequenceNumber: '12', subSequenceNumber: 4 };
  assert.deepEqual(
    messageFrom('{"action":"checkpoint","sequenceNumber":"12","subSequenceNumber":4}'),
    placed,
  );
  assert.deepEqual(
    messageFrom('{"action":"checkpoint","sequenceNumber":"12","subSequenceNumber":"4"}'),
    placed,
  );
});

test('a sequence number that was written as a number keeps its digits', () => {
  const message = messageFrom(`{"action":"checkpoint","sequenceNumber":${record.sequenceNumber}}`);
  assert.deepEqual(message, {
    action: 'checkpoint',
    sequenceNumber: record.sequenceNumber,
    subSequenceNumber: null,
  });
});

test('a status says what it answers', () => {
  const status = { action: 'status', responseFor: 'initialize' };
  assert.deepEqual(messageFrom('{"action": "status", "responseFor": "initialize"}'), status);
  assert.deepEqual(messageFrom('{"action":"status"}'), { action: 'status', responseFor: '' });
});

test('any other line is no message', () => {
  const lines = ['hello', '{', '[]', 'null', '7', '{"action":"initialize"}', '{"action":"toString"}', '{}'];
  const wrong = ['true', '[1]', '{"a":1}'].map(
    (value) => `{"action":"checkpoint","sequenceNumber":${value}}`,
  );
  const sub = ['-1', '1.5', '"x"', '{}'].map(
    (value) => `{"action":"checkpoint","subSequenceNumber":${value}}`,
  );
  for (const line of [...lines, ...wrong, ...sub]) assert.equal(messageFrom(line), undefined, line);
});
