import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { whyUnsupported } from '@millrace/aws-protocol';
import { type Millrace, start } from '@millrace/server';
import { kinesisTable } from '@millrace/streams';
import { call, rawCall } from '../support/raw-call.ts';
import { API } from './api-table.ts';
import { asCbor } from './cbor.ts';
import { atLeast, atMost, breaks, missing } from './laws.ts';
import { inputWith, modelledMembers } from './member-paths.ts';
import { TYPE_ERRORS } from './type-errors.ts';

/**
 * What AWS answers to bad input, operation by operation, on the wire. Texts are AWS's: recorded ones, or recorded
 * grammar filled with the bounds of today's API model.
 */
describe('the API', { timeout: 60_000 }, () => {
  let millrace: Millrace;

  /** `changing` stays UPDATING. No test changes any of them. */
  before(async () => {
    millrace = await start({
      stream: [
        { name: 'orders', shardCount: 2 },
        { name: 'kept-long', shardCount: 4 },
        { name: 'changing', shardCount: 1 },
      ],
      limit: [['updating-ms', 3_600_000]],
    });
    const prepare = (operation: string, input: object) => call(millrace.endpoint, operation, input);
    await prepare('CreateStream', {
      StreamName: 'on-demand',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
    await prepare('IncreaseStreamRetentionPeriod', { StreamName: 'kept-long', RetentionPeriodHours: 48 });
    await prepare('SplitShard', { StreamName: 'changing', ShardToSplit: '0', NewStartingHashKey: '5' });
  });
  after(() => millrace.close());

  const refuses = async (
    operation: string,
    input: object,
    code: string,
    text: string | RegExp,
    textKey = 'message',
  ) => {
    const { status, body } = await rawCall(millrace.endpoint, operation, JSON.stringify(input));
    const { [textKey]: told, ...rest } = JSON.parse(body === '' ? '{}' : body);
    assert.deepEqual({ status, ...rest }, { status: 400, __type: code }, body);
    if (typeof text === 'string') assert.equal(told, text);
    else assert.match(told, text);
  };

  for (const [operation, { members, bounds = [], refusals = [] }] of Object.entries(API)) {
    describe(operation, () => {
      for (const [path, type] of Object.entries(members)) {
        test(`${path} is a ${type}`, async () => {
          for (const [given, text] of TYPE_ERRORS[type]) {
            await refuses(operation, inputWith(path, given), 'SerializationException', text, 'Message');
          }
        });
      }

      for (const [input, ...errors] of bounds) {
        test(`out of bounds: ${JSON.stringify(input).slice(0, 100)}`, async () => {
          const count = errors.length === 1 ? '1 validation error' : `${errors.length} validation errors`;
          await refuses(operation, input, 'ValidationException', `${count} detected: ${errors.join('; ')}`);
        });
      }

      for (const [what, input, code, text] of refusals) {
        test(`refused: ${what}`, () => refuses(operation, input, code, text));
      }
    });
  }

  describe('before bounds are checked', () => {
    const told = (error: string) => `1 validation error detected: ${error}`;

    test('a wrong type is told alone, whatever bounds are broken', () =>
      refuses(
        'CreateStream',
        { ShardCount: 0, StreamName: 7 },
        'SerializationException',
        'class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an String',
        'Message',
      ));

    test('null counts as absent', () =>
      refuses('CreateStream', { StreamName: null }, 'ValidationException', told(missing('streamName'))));

    test('members that are unknown are dropped', () =>
      refuses('CreateStream', { Name: [7] }, 'ValidationException', told(missing('streamName'))));

    test('fractions are floored', () =>
      refuses('ListStreams', { Limit: 0.9 }, 'ValidationException', told(breaks('limit', 0, atLeast(1)))));

    test('an Integer is capped', () =>
      refuses(
        'ListStreams',
        { Limit: 3_000_000_000 },
        'ValidationException',
        told(breaks('limit', 2_147_483_647, atMost(10_000))),
      ));
  });

  describe('in CBOR says the same', () => {
    const rows: readonly (readonly [operation: string, input: object, code: string, text: string])[] = [
      [
        'PutRecord',
        { PartitionKey: true },
        'SerializationException',
        'class java.lang.Boolean can not be converted to an String',
      ],
      ['PutRecords', { Records: 'a' }, 'SerializationException', 'Expected list or null'],
      [
        'CreateStream',
        { StreamName: '', ShardCount: 0 },
        'ValidationException',
        "3 validation errors detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ],
      [
        'DescribeStreamSummary',
        { StreamName: 'none' },
        'ResourceNotFoundException',
        'Stream none under account 000000000000 not found.',
      ],
      ['GetRecords', { ShardIterator: '!' }, 'InvalidArgumentException', 'Invalid ShardIterator.'],
    ];
    for (const [operation, input, code, text] of rows) {
      test(`${operation}: ${code}`, async () => {
        const type = 'application/x-amz-cbor-1.1';
        const { status, headers, body } = await rawCall(millrace.endpoint, operation, asCbor(input), type);
        assert.deepEqual([status, headers.get('content-type')], [400, type]);
        for (const part of [code, text]) assert.ok(body.includes(part), body);
      });
    }
  });
});

const supported = Object.entries(kinesisTable).flatMap(([name, row]) =>
  whyUnsupported(row) === undefined ? [name] : [],
);

test('every operation that is built stands in the table', () => {
  assert.deepEqual(Object.keys(API).sort(), supported.sort());
});

test('every member of every input stands in the table with its type', () => {
  for (const operation of supported) {
    assert.deepEqual({ ...API[operation]?.members }, modelledMembers(kinesisModel, operation), operation);
  }
});
