import type { ListShape, MapShape, ServiceModel, StructureShape } from '@millrace/aws-model';
import { bodyMembers } from './body-members.ts';
import { perShape, type ShapeContext } from './per-shape.ts';
import { boundedRecursion } from './recursion.ts';

type Encode = (value: unknown) => unknown;
type Context = ShapeContext<Encode>;

/** How a format writes the two types that it has no word of its own for; all other scalars go as they are. */
export interface ScalarWriters {
  readonly blob: (value: Uint8Array) => unknown;
  readonly timestamp: (milliseconds: number) => unknown;
}

/** The mirror of `shapeParser`: what is not modelled stays behind, undefined and null are left out. */
export const shapeEncoder = (scalars: ScalarWriters): ((model: ServiceModel, shape: string) => Encode) =>
  perShape<Encode>((shape, context) => {
    if (shape.type === 'structure') return encodeStructure(shape, context);
    if (shape.type === 'list') return encodeList(shape, context);
    if (shape.type === 'map') return encodeMap(shape, context);
    if (shape.type === 'blob') return scalars.blob as Encode;
    if (shape.type === 'timestamp') return scalars.timestamp as Encode;
    return asItIs;
  }, boundedRecursion);

const asItIs: Encode = (value) => value;

const encodeStructure = (shape: StructureShape, { model, name, of }: Context): Encode => {
  const members = bodyMembers(model, name, shape).map((member) => ({
    name: member.name,
    encode: of(member.shape),
  }));
  return (value) => {
    const structure = value as Readonly<Record<string, unknown>>;
    const raw: Record<string, unknown> = {};
    for (const { name: key, encode } of members) {
      const member = structure[key];
      if (member !== undefined && member !== null) raw[key] = encode(member);
    }
    return raw;
  };
};

const encodeList = (shape: ListShape, { of }: Context): Encode => {
  const encode = of(shape.member);
  return (value) => (value as readonly unknown[]).map((item) => encode(item));
};

const encodeMap = (shape: MapShape, { of }: Context): Encode => {
  const encode = of(shape.value);
  return (value) => {
    const raw: Record<string, unknown> = Object.create(null);
    for (const [key, item] of Object.entries(value as object)) {
      if (item !== undefined && item !== null) raw[key] = encode(item);
    }
    return raw;
  };
};
