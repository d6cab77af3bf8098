// Laws of both codecs:
// 1. What is encoded is read back as it was, whatever the shape.
// 2. Bytes that are no body give MalformedBody or a ServiceError and nothing else, random or nearly right.
// 3. Unknown members and nulls change nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel, Shape } from '@millrace/aws-model';
import { firehoseModel } from '@millrace/aws-model/firehose';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { kinesisAnalyticsV2Model } from '@millrace/aws-model/kinesisanalyticsv2';
import fc from 'fast-check';
import { ServiceError } from '../service-error.ts';
import { validate } from '../validate/validate.ts';
import { cborCodec } from './cbor.ts';
import { type Codec, MalformedBody } from './codec.ts';
import { jsonCodec } from './json.ts';

// Random shapes, and random values that fit them.

interface ShapedValue {
  readonly model: ServiceModel;
  readonly shape: string;
  readonly value: unknown;
}

/** A shape with the shapes that it holds, before they are named. */
type Tree =
  | { readonly type: ScalarType }
  | { readonly type: 'list' | 'map'; readonly item: Tree }
  | { readonly type: 'structure'; readonly members: Readonly<Record<string, Tree>> };

type ScalarType = 'string' | 'integer' | 'long' | 'double' | 'boolean' | 'timestamp' | 'blob';

const text = fc.string({ unit: 'binary', maxLength: 40 });

const scalars: Readonly<Record<ScalarType, fc.Arbitrary<unknown>>> = {
  string: text,
  integer: fc.integer(),
  long: fc.maxSafeInteger(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  boolean: fc.boolean(),
  timestamp: fc.integer({ min: 0, max: 100_000_000_000_000 }),
  blob: fc.uint8Array({ maxLength: 40 }),
};

const memberName = fc
  .string({ unit: fc.constantFrom(...'ABCabcXYZxyz_'), minLength: 1, maxLength: 6 })
  .filter((name) => !(name in Object.prototype));

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ type: fc.constantFrom(...(Object.keys(scalars) as ScalarType[])) }),
    fc.record({ type: fc.constantFrom('list' as const, 'map' as const), item: tie('tree') }),
    fc.record({
      type: fc.constant('structure' as const),
      members: fc.dictionary(memberName, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
    }),
  ),
})).tree;

const valuesOf = (shape: Tree): fc.Arbitrary<unknown> => {
  if (shape.type === 'list') return fc.array(valuesOf(shape.item), { maxLength: 5 });
  if (shape.type === 'map')
    return fc.dictionary(key, valuesOf(shape.item), { maxKeys: 5, noNullPrototype: false });
  if (shape.type !== 'structure') return scalars[shape.type];
  const members = Object.entries(shape.members).map(([name, member]) => [name, valuesOf(member)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [], noNullPrototype: true });
};

/** Keys that bite careless code are as likely as all others together. */
const key = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'length', ''));

const modelOf = (root: Tree): ServiceModel => {
  const shapes: Record<string, Shape> = {};
  const add = (node: Tree): string => {
    const name = `Shape${Object.keys(shapes).length}`;
    shapes[name] = { type: 'string' };
    shapes[name] = shapeOf(node, add);
    return name;
  };
  add({ type: 'structure', members: { Root: root } });
  return { name: 'test', fullName: 'Test', protocol: 'json', signingName: 'test', operations: {}, shapes };
};

const shapeOf = (node: Tree, add: (node: Tree) => string): Shape => {
  if (node.type === 'list') return { type: 'list', member: add(node.item) };
  if (node.type === 'map') return { type: 'map', key: add({ type: 'string' }), value: add(node.item) };
  if (node.type !== 'structure') return { type: node.type };
  const members = Object.entries(node.members).map(([name, member]) => [name, { shape: add(member) }]);
  return { type: 'structure', members: Object.fromEntries(members), required: [] };
};

/** A structure as the root, as every body has one. */
const shapedValue: fc.Arbitrary<ShapedValue> = tree.chain((root) =>
  valuesOf({ type: 'structure', members: { Root: root } }).map((value) => ({
    model: modelOf(root),
    shape: 'Shape0',
    value,
  })),
);

/** Makes values comparable: bytes as text, objects whatever their prototype, keys in order. */
const comparable = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.keys(value)
    .sort()
    .map((name) => [name, comparable((value as Readonly<Record<string, unknown>>)[name])]);
};

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

interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly insert: Uint8Array;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(700),
  cut: fc.nat(4),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom('[', ']', '{', '}', ',', ':', 'null', '1e999', '"__proto__":{},')
      .map((s) => Buffer.from(s)),
  ),
});

const mutate = (body: Uint8Array, { at, cut, insert }: Mutation): Uint8Array => {
  const start = at % (body.length + 1);
  return Buffer.concat([body.subarray(0, start), insert, body.subarray(start + cut)]);
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
          const raw = codec === jsonCodec ? Buffer.from(JSON.stringify(value)) : cborOf(value);
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

/** A JSON value as CBOR, by way of the codec's own error form: the library is not this test's business. */
const cborOf = (value: unknown): Uint8Array => {
  const shapes = { Any: { type: 'string' as const } };
  const model: ServiceModel = {
    name: 'any',
    fullName: 'Any',
    protocol: 'json',
    signingName: 'any',
    operations: {},
    shapes,
  };
  return cborCodec.encode(model, 'Any', value);
};
