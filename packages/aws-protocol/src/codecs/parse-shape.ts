import type { ListShape, MapShape, ServiceModel, StructureShape } from '@millrace/aws-model';
import { bodyMembers } from './body-members.ts';
import { perShape, type ShapeContext } from './per-shape.ts';
import { boundedRecursion } from './recursion.ts';
import type { ScalarReaders } from './scalars.ts';
import { isMap, wrongContainer } from './type-mismatch.ts';

type Parse = (raw: unknown) => unknown;
type Context = ShapeContext<Parse>;

/**
 * Reads a decoded body as a shape says: unknown members are dropped and null is absent, except as an item of
 * a list, where it stays for validation to find. The first value of a wrong type ends it.
 */
export const shapeParser = (scalars: ScalarReaders): ((model: ServiceModel, shape: string) => Parse) =>
  perShape<Parse>((shape, context) => {
    if (shape.type === 'structure') return parseStructure(shape, context);
    if (shape.type === 'list') return parseList(shape, context);
    if (shape.type === 'map') return parseMap(shape, context);
    return scalars[shape.type];
  }, boundedRecursion);

const parseStructure = (shape: StructureShape, { model, name, of }: Context): Parse => {
  const members = bodyMembers(model, name, shape).map((member) => ({
    name: member.name,
    parse: of(member.shape),
  }));
  return (raw) => {
    if (!isMap(raw)) throw wrongContainer(raw, 'null');
    const structure: Record<string, unknown> = {};
    for (const { name: key, parse } of members) {
      const value = raw[key];
      if (value !== undefined && value !== null) structure[key] = parse(value);
    }
    return structure;
  };
};

const parseList = (shape: ListShape, { of }: Context): Parse => {
  const parse = of(shape.member);
  const parseItem = (raw: unknown) => (raw === null || raw === undefined ? null : parse(raw));
  return (raw) => {
    if (!Array.isArray(raw)) throw wrongContainer(raw, 'list or null');
    return raw.map(parseItem);
  };
};

/** The result has no prototype, so keys such as `__proto__` are keys like any other. */
const parseMap = (shape: MapShape, { of }: Context): Parse => {
  const parse = of(shape.value);
  return (raw) => {
    if (!isMap(raw)) throw wrongContainer(raw, 'map or null');
    const map: Record<string, unknown> = Object.create(null);
    for (const [key, value] of Object.entries(raw)) {
      if (value !== undefined && value !== null) map[key] = parse(value);
    }
    return map;
  };
};
