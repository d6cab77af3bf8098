import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type {
  KinesisError,
  KinesisOperations,
  Record as KinesisRecord,
  ShardIteratorType,
  SubscribeToShardEventStream,
} from '../src/kinesis.ts';
import { kinesisModel } from '../src/kinesis.ts';

type Input<Name extends keyof KinesisOperations> = KinesisOperations[Name]['input'];

/** The compiler runs these: a line that compiles where it should not fails the type check. */
describe('the generated types', () => {
  test('ask for required members and let optional ones be absent or undefined', () => {
    const input: Input<'PutRecord'> = { Data: new Uint8Array(1), PartitionKey: undefined };
    // @ts-expect-error Data is required
    const without: Input<'PutRecord'> = { PartitionKey: 'a' };
    assert.ok(input && without);
  });

  test('give maps, lists, enums, blobs and timestamps their TypeScript form', () => {
    const tags: Input<'AddTagsToStream'>['Tags'] = { team: 'orders' };
    const kind: ShardIteratorType = 'TRIM_HORIZON';
    // @ts-expect-error not a value of the enum
    const wrong: ShardIteratorType = 'BEGINNING';
    const record: KinesisRecord = {
      Data: new Uint8Array(),
      PartitionKey: 'k',
      SequenceNumber: '1',
      ApproximateArrivalTimestamp: 1_700_000_000_123,
    };
    assert.ok(tags && kind && wrong && record);
  });

  test('make an operation without answer void and name the errors of each', () => {
    const output: KinesisOperations['DeleteStream']['output'] = undefined;
    const error: KinesisOperations['PutRecord']['error'] = 'KMSOptInRequired';
    const any: KinesisError = error;
    // @ts-expect-error no operation declares it
    const unknown: KinesisError = 'NoSuchException';
    assert.ok(output === undefined && any && unknown);
  });

  test('make an event stream an async iterable of objects with one key', async () => {
    const events: KinesisOperations['SubscribeToShard']['output']['EventStream'] = (async function* () {
      const event: SubscribeToShardEventStream = {
        SubscribeToShardEvent: { Records: [], ContinuationSequenceNumber: '1', MillisBehindLatest: 0 },
      };
      yield event;
    })();
    for await (const event of events) assert.deepEqual(Object.keys(event), ['SubscribeToShardEvent']);
  });
});

describe('a model', () => {
  test('has nothing under the names that every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      assert.equal(kinesisModel.operations[name], undefined);
      assert.equal(kinesisModel.shapes[name], undefined);
    }
  });
});
