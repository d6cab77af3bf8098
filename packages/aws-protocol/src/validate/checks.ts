import type { ListShape, MapShape, ServiceModel, Shape, StructureShape } from '@millrace/aws-model';
import { orderedMembers } from '../codecs/body-members.ts';
import { perShape, type ShapeContext } from '../codecs/per-shape.ts';
import { type Constraint, constraintsOf } from './constraints.ts';
import { itemPath, memberPath, printed } from './text.ts';

/** Takes a broken constraint: the path, the value as printed (undefined for null) and AWS's words for it. */
export type Report = (path: string, value: string | undefined, text: string) => void;

/**
 * A compiled shape. `valid` is all that a good value costs, and allocates nothing; only a bad one is walked
 * again by `report`, with the path to each value.
 */
export interface Check {
  readonly valid: (value: unknown) => boolean;
  readonly report: (value: unknown, path: string, report: Report) => void;
}

type Context = ShapeContext<Check>;

export const checkOf: (model: ServiceModel, shape: string) => Check = perShape<Check>(
  (shape, context) => {
    if (shape.type === 'structure') return structureCheck(shape, context);
    const own = ownCheck(constraintsOf(shape), context);
    if (shape.type === 'list') return both(own, listCheck(shape, context));
    if (shape.type === 'map') return both(both(own, keyCheck(shape, context)), valueCheck(shape, context));
    return own;
  },
  (finished) => ({
    valid: (value) => finished().valid(value),
    report: (value, path, report) => finished().report(value, path, report),
  }),
);

const notNull = 'Member must not be null';

const both = (first: Check, second: Check): Check => ({
  valid: (value) => first.valid(value) && second.valid(value),
  report: (value, path, report) => {
    first.report(value, path, report);
    second.report(value, path, report);
  },
});

const ownCheck = (constraints: readonly Constraint[], { model, name }: Context): Check => ({
  valid: allHold(constraints),
  report: (value, path, report) => {
    for (const { holds, text } of constraints) {
      if (!holds(value as never)) report(path, printed(model, name, value), text);
    }
  },
});

const allHold =
  (constraints: readonly Constraint[]) =>
  (value: unknown): boolean => {
    for (const { holds } of constraints) if (!holds(value as never)) return false;
    return true;
  };

const structureCheck = (shape: StructureShape, { model, name, of }: Context): Check => {
  const members = orderedMembers(model, name, shape).map((member) => ({
    member,
    required: shape.required.includes(member),
    check: of(shape.members[member]?.shape ?? ''),
  }));
  return {
    valid: (value) => {
      const structure = value as Readonly<Record<string, unknown>>;
      for (const { member, required, check } of members) {
        const found = structure[member];
        if (isAbsent(found) ? required : !check.valid(found)) return false;
      }
      return true;
    },
    report: (value, path, report) => {
      const structure = value as Readonly<Record<string, unknown>>;
      for (const { member, required, check } of members) {
        const found = structure[member];
        if (!isAbsent(found)) check.report(found, memberPath(path, member), report);
        else if (required) report(memberPath(path, member), undefined, notNull);
      }
    },
  };
};

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;

/** What is wrong with scalar items is said of the list as a whole, all of their constraints at once. */
const listCheck = (shape: ListShape, context: Context): Check => {
  const items = isScalar(context.model, shape.member)
    ? withinContainer(shape.member, context, 'Member', (list) => list as readonly unknown[])
    : undefined;
  const check = context.of(shape.member);
  return {
    valid: (value) => {
      for (const item of value as readonly unknown[]) if (isAbsent(item) || !check.valid(item)) return false;
      return true;
    },
    report: (value, path, report) => {
      items?.report(value, path, report);
      for (const [index, item] of (value as readonly unknown[]).entries()) {
        if (isAbsent(item)) report(itemPath(path, index + 1), undefined, notNull);
        else if (!items) check.report(item, itemPath(path, index + 1), report);
      }
    },
  };
};

const keyCheck = (shape: MapShape, context: Context): Check =>
  withinContainer(shape.key, context, 'Map keys', (map) => Object.keys(map as object));

const valueCheck = (shape: MapShape, context: Context): Check => {
  if (isScalar(context.model, shape.value)) {
    return withinContainer(shape.value, context, 'Map value', (map) => Object.values(map as object));
  }
  const check = context.of(shape.value);
  return {
    valid: (value) => Object.values(value as object).every((item) => check.valid(item)),
    report: (value, path, report) => {
      for (const [key, item] of Object.entries(value as object))
        check.report(item, itemPath(path, key), report);
    },
  };
};

/** `start` is how AWS opens the sentence. The last constraint comes first within the brackets. */
const withinContainer = (
  itemShape: string,
  { model, name }: Context,
  start: string,
  itemsOf: (container: unknown) => readonly unknown[],
): Check => {
  const constraints = constraintsOf(shapeNamed(model, itemShape));
  const hold = allHold(constraints);
  const texts = constraints.map(({ text }) => text).toReversed();
  const valid = (container: unknown) =>
    constraints.length === 0 || itemsOf(container).every((item) => isAbsent(item) || hold(item));
  return {
    valid,
    report: (container, path, report) => {
      if (valid(container)) return;
      report(
        path,
        printed(model, name, container),
        `${start} must satisfy constraint: [${texts.join(', ')}]`,
      );
    },
  };
};

const isScalar = (model: ServiceModel, name: string): boolean =>
  !['structure', 'list', 'map'].includes(shapeNamed(model, name).type);

const shapeNamed = (model: ServiceModel, name: string): Shape => {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`no shape ${name} in ${model.name}`);
  return shape;
};
