// Random shapes, and random values that fit them.
import type { ServiceModel, Shape } from '@millrace/aws-model';
import fc from 'fast-check';

export interface ShapedValue {
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
export const shapedValue: fc.Arbitrary<ShapedValue> = tree.chain((root) =>
  valuesOf({ type: 'structure', members: { Root: root } }).map((value) => ({
    model: modelOf(root),
    shape: 'Shape0',
    value,
  })),
);

/** Makes values comparable: bytes as text, objects whatever their prototype, keys in order. */
export const comparable = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.keys(value)
    .sort()
    .map((name) => [name, comparable((value as Readonly<Record<string, unknown>>)[name])]);
};
