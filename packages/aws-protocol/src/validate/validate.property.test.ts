// Law: validate says what a plain walk over the model says, for inputs near and beyond every bound.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel, Shape } from '@millrace/aws-model';
import { firehoseModel } from '@millrace/aws-model/firehose';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { kinesisVideoArchivedMediaModel } from '@millrace/aws-model/kinesis-video-archived-media';
import { kinesisVideoMediaModel } from '@millrace/aws-model/kinesis-video-media';
import { kinesisVideoSignalingModel } from '@millrace/aws-model/kinesis-video-signaling';
import { kinesisAnalyticsModel } from '@millrace/aws-model/kinesisanalytics';
import { kinesisAnalyticsV2Model } from '@millrace/aws-model/kinesisanalyticsv2';
import { kinesisVideoModel } from '@millrace/aws-model/kinesisvideo';
import fc from 'fast-check';
import { checkOf } from './checks.ts';
import { validate } from './validate.ts';

const models = [
  kinesisModel,
  firehoseModel,
  kinesisAnalyticsModel,
  kinesisAnalyticsV2Model,
  kinesisVideoModel,
  kinesisVideoArchivedMediaModel,
  kinesisVideoMediaModel,
  kinesisVideoSignalingModel,
];

const shapeOf = (model: ServiceModel, name: string): Shape => {
  const shape = model.shapes[name];
  assert.ok(shape);
  return shape;
};

const isNullish = (value: unknown) => value === undefined || value === null;

/** The places where the reference finds something wrong, each `path: word`; slow and plain on purpose. */
const brokenPlaces = (model: ServiceModel, name: string, value: unknown, path: string): string[] => {
  const shape = shapeOf(model, name);
  if (shape.type === 'structure') {
    const object = value as Record<string, unknown>;
    return Object.entries(shape.members).flatMap(([member, { shape: target }]) => {
      const at = [path, member.replace(/^./, (first) => first.toLowerCase())].filter(Boolean).join('.');
      if (!isNullish(object[member])) return brokenPlaces(model, target, object[member], at);
      return shape.required.includes(member) ? [`${at}: null`] : [];
    });
  }
  const own = wrongWith(shape, value).map((word) => `${path}: ${word}`);
  if (shape.type === 'list') return [...own, ...brokenItems(model, shape.member, value as unknown[], path)];
  if (shape.type === 'map') {
    const keys = Object.keys(value as object).some(
      (key) => wrongWith(shapeOf(model, shape.key), key).length > 0,
    );
    const values = Object.values(value as object).some(
      (item) => wrongWith(shapeOf(model, shape.value), item).length > 0,
    );
    return [...own, ...(keys ? [`${path}: keys`] : []), ...(values ? [`${path}: value`] : [])];
  }
  return own;
};

const brokenItems = (model: ServiceModel, name: string, items: unknown[], path: string): string[] => {
  const nested = ['structure', 'list', 'map'].includes(shapeOf(model, name).type);
  const places = items.flatMap((item, index) => {
    const at = `${path}.${index + 1}.member`;
    if (item === null) return [`${at}: null`];
    return nested ? brokenPlaces(model, name, item, at) : [];
  });
  const bad = items.some(
    (item) => item !== null && !nested && wrongWith(shapeOf(model, name), item).length > 0,
  );
  return bad ? [`${path}: items`, ...places] : places;
};

const sizeOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return [...value].length;
  if (value instanceof Uint8Array || Array.isArray(value)) return value.length;
  return Object.keys(value as object).length;
};

const wrongWith = (shape: Shape, value: unknown): string[] => {
  const {
    min,
    max,
    pattern,
    enum: names,
  } = shape as {
    min?: number;
    max?: number;
    pattern?: string;
    enum?: readonly string[];
  };
  const matches = (text: string) =>
    new RegExp(`^(?:${pattern})$`, pattern?.includes('\\p') ? 'u' : '').test(text);
  return [
    ...(names && !names.includes(value as string) ? ['enum'] : []),
    ...(pattern !== undefined && !matches(value as string) ? ['pattern'] : []),
    ...(min !== undefined && sizeOf(value) < min ? ['greater'] : []),
    ...(max !== undefined && sizeOf(value) > max ? ['less'] : []),
  ];
};

const words: readonly (readonly [string, RegExp])[] = [
  ['items', /^Member must satisfy constraint/],
  ['keys', /^Map keys must/],
  ['value', /^Map value must/],
  ['null', /not be null$/],
  ['enum', /enum value set/],
  ['pattern', /regular expression/],
  ['greater', /greater than or equal to/],
  ['less', /less than or equal to/],
];

const wordOf = (text: string): string => words.find(([, expression]) => expression.test(text))?.[0] ?? text;

/** Values that sit on, just inside and just outside the bounds of a shape. */
const nearBounds = (model: ServiceModel, name: string, depth: number): fc.Arbitrary<unknown> => {
  const shape = shapeOf(model, name);
  const { min = 0, max = min + 3 } = shape as { min?: number; max?: number };
  const size = fc
    .constantFrom(min, min - 1, Math.min(max, 300), Math.min(max + 1, 300))
    .map((n) => Math.max(n, 0));
  if (shape.type === 'structure') {
    const members = Object.entries(shape.members).map(([key, member]) => [
      key,
      nearBounds(model, member.shape, depth - 1),
    ]);
    return depth > 0 ? fc.record(Object.fromEntries(members), { requiredKeys: [] }) : fc.constant({});
  }
  if (shape.type === 'list') {
    const item = depth > 0 ? nearBounds(model, shape.member, depth - 1) : fc.constant(null);
    return fc.array(fc.oneof({ arbitrary: item, weight: 9 }, fc.constant(null)), {
      maxLength: Math.min(max + 1, 3),
    });
  }
  if (shape.type === 'map') {
    const [key, item] = [nearBounds(model, shape.key, 0), nearBounds(model, shape.value, depth - 1)];
    return fc.dictionary(key as fc.Arbitrary<string>, item, { maxKeys: 3 });
  }
  if (shape.type === 'string') {
    const unit = fc.constantFrom('a', '0', '🌊', ' ');
    return fc.oneof(
      fc.tuple(unit, size).map(([text, n]) => text.repeat(n)),
      fc.constantFrom(...(shape.enum ?? ['']), 'arn:aws:kinesis:r:123456789012:stream/s'),
    );
  }
  if (shape.type === 'blob') return size.map((n) => new Uint8Array(n));
  if (shape.type === 'boolean') return fc.boolean();
  return fc.constantFrom(min, min - 1, max, max + 1);
};

describe('validation', () => {
  test('agrees with a plain walk over the model', () => {
    const anyInput = fc
      .constantFrom(
        ...models.flatMap((model) => Object.keys(model.operations).map((name) => [model, name] as const)),
      )
      .chain(([model, operation]) => {
        const shape = model.operations[operation]?.input ?? '';
        return nearBounds(model, shape, 4).map((input) => ({ model, operation, shape, input }));
      });
    fc.assert(
      fc.property(anyInput, ({ model, operation, shape, input }) => {
        const found: string[] = [];
        checkOf(model, shape).report(input, '', (path, _value, text) =>
          found.push(`${path}: ${wordOf(text)}`),
        );
        const expected = brokenPlaces(model, shape, input, '');
        assert.deepEqual(found.toSorted(), expected.toSorted());
        if (expected.length === 0) validate(model, operation, input);
        else assert.throws(() => validate(model, operation, input), { code: 'ValidationException' });
      }),
      { numRuns: 1500 },
    );
  });

  test('every operation of every service compiles', () => {
    for (const model of models) {
      for (const { input } of Object.values(model.operations)) {
        if (input !== undefined) checkOf(model, input).valid({});
      }
    }
  });
});
