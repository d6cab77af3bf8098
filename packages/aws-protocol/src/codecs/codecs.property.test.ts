// Laws of both codecs:
// 1. What is encoded is read back as it was, whatever the shape.
// 2. Bytes that are no body give MalformedBody or a ServiceError and nothing else, random or nearly right.
// 3. Unknown members and nulls change nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel } from '@millrace/aws-model';
import { firehoseModel } from '@millrace/aws-model/firehose';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { kinesisAnalyticsV2Model } from '@millrace/aws-model/kinesisanalyticsv2';
import { encode as writeCbor } from 'cborg';
import fc from 'fast-check';
import { mutate, mutation } from '../../test/mutation.ts';
import { comparable, shapedValue } from '../../test/shaped-value.ts';
import { ServiceError } from '../service-error.ts';
import { validate } from '../validate/validate.ts';
import { cborCodec } from './cbor.ts';
import { type Codec, MalformedBody } from './codec.ts';
import { jsonCodec } from './json.ts';

const codecs: readonly (readonly [string, Codec])[] = [
  ['JSON', jsonCodec],
  ['CBOR', cborCodec],
];

const readBack = (codec: Codec, model: ServiceModel, shape: string, value: unknown): unknown =>
  codec.parse(model, shape, codec.decode(codec.encode(model, shape, value)));

/** Takes a body all the way to the operation; only errors that have a name may stop it. */
const survives = (codec: Codec, model: ServiceModel, operation: string, body: Uint8Array): void => {
  try {
    const input = codec.parse(model, model.operations[operation]?.input ?? '', codec.decode(body));
    validate(model, operation, input);
  } catch (error) {
    assert.ok(error instanceof ServiceError || error instanceof MalformedBody, error as Error);
  }
};

const goodBody = {
  StreamName: 'orders',
  Records: [
    { Data: new Uint8Array([1, 2, 3]), PartitionKey: 'a', ExplicitHashKey: '7' },
    { Data: new Uint8Array(300), PartitionKey: 'ключ'.repeat(20) },
  ],
};

for (const [name, codec] of codecs) {
  describe(`${name}`, () => {
    test('reads back what it wrote, for random values of random shapes', () => {
      fc.assert(
        fc.property(shapedValue, ({ model, shape, value }) => {
          assert.deepEqual(comparable(readBack(codec, model, shape, value)), comparable(value));
        }),
        { numRuns: 400 },
      );
    });

    test('random bytes are a named error or a body', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
          survives(codec, kinesisModel, 'PutRecords', bytes),
        ),
        { numRuns: 2000 },
      );
    });

    test('a good body with damage is a named error or a body', () => {
      const body = codec.encode(kinesisModel, 'PutRecordsInput', goodBody);
      fc.assert(
        fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) =>
          survives(codec, kinesisModel, 'PutRecords', mutations.reduce(mutate, body)),
        ),
        { numRuns: 2000 },
      );
    });

    test('any JSON-like value as input of any operation is a named error or an input', () => {
      const operations = [kinesisModel, firehoseModel, kinesisAnalyticsV2Model].flatMap((model) =>
        Object.keys(model.operations).map((operation) => [model, operation] as const),
      );
      const nearlyInput = fc.constantFrom(...operations).chain(([model, operation]) => {
        const shape = model.shapes[model.operations[operation]?.input ?? ''];
        const members = shape?.type === 'structure' ? Object.keys(shape.members) : [];
        const junk = fc.jsonValue({ maxDepth: 3 });
        const input = fc.record(Object.fromEntries(members.map((member) => [member, junk])), {
          requiredKeys: [],
        });
        return input.map((value) => ({ model, operation, value }));
      });
      fc.assert(
        fc.property(nearlyInput, ({ model, operation, value }) => {
          const raw = codec === jsonCodec ? Buffer.from(JSON.stringify(value)) : writeCbor(value);
          survives(codec, model, operation, raw);
        }),
        { numRuns: 1000 },
      );
    });

    test('members that the shape does not have are dropped, and null is absent', () => {
      const raw = { StreamName: 'a', ShardCount: null, Extra: { deep: [1] }, __type: 'x' };
      assert.deepEqual(codec.parse(kinesisModel, 'CreateStreamInput', raw), { StreamName: 'a' });
    });

    test('undefined and null members are left out, never written as null', () => {
      const output = { StreamName: 'a', StreamARN: undefined, CurrentShardCount: null };
      const body = codec.encode(kinesisModel, 'UpdateShardCountOutput', output);
      assert.deepEqual(codec.decode(body), { StreamName: 'a' });
    });

    test('what the model does not have is not written', () => {
      const body = codec.encode(kinesisModel, 'UpdateShardCountOutput', { StreamName: 'a', secret: 1 });
      assert.deepEqual(codec.decode(body), { StreamName: 'a' });
    });

    test('an event stream is not part of the body', () => {
      const body = codec.encode(kinesisModel, 'SubscribeToShardOutput', { EventStream: {} });
      assert.deepEqual(codec.decode(body), {});
    });

    test('an error is its code under __type and its message under the key asked for, if there is one', () => {
      const written = (message: string | undefined, key: 'message' | 'Message') =>
        codec.decode(codec.encodeError('LimitExceededException', message, key));
      assert.deepEqual(written('Rate', 'message'), { __type: 'LimitExceededException', message: 'Rate' });
      assert.deepEqual(written('Rate', 'Message'), { __type: 'LimitExceededException', Message: 'Rate' });
      assert.deepEqual(written(undefined, 'message'), { __type: 'LimitExceededException' });
    });
  });
}
