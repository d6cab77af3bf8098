import type { ListShape, MapShape, ServiceModel, StructureShape } from '@millrace/aws-model';
import { decodeBase64 } from './base64.ts';
import { bodyMembers } from './body-members.ts';
import type { FormNode } from './form.ts';
import { perShape, type ShapeContext } from './per-shape.ts';
import { boundedRecursion } from './recursion.ts';
import { inDateRange, millisecondsFrom, scalarReaders } from './scalars.ts';
import { TypeMismatch } from './type-mismatch.ts';

type Parse = (node: FormNode) => unknown;
type Context = ShapeContext<Parse>;

/** The mirror of what a client of the query protocol writes: structures, lists and maps as dotted names. */
export const formParser: (model: ServiceModel, shape: string) => Parse = perShape<Parse>(
  (shape, context) => {
    if (shape.type === 'structure') return parseStructure(shape, context);
    if (shape.type === 'list') return parseList(shape, context);
    if (shape.type === 'map') return parseMap(shape, context);
    const read = scalars[shape.type];
    return (node) => read(textOf(node));
  },
  (finished) => boundedRecursion(finished as () => (value: unknown) => unknown) as Parse,
);

const textOf = ({ text }: FormNode): string => {
  if (text === undefined) throw new TypeMismatch('A name stands where a value was expected');
  return text;
};

const parseStructure = (shape: StructureShape, { model, name, of }: Context): Parse => {
  const members = bodyMembers(model, name, shape).map((member) => ({
    name: member.name,
    parse: of(member.shape),
  }));
  return ({ children }) => {
    const structure: Record<string, unknown> = {};
    for (const { name: key, parse } of members) {
      const child = children.get(key);
      if (child !== undefined) structure[key] = parse(child);
    }
    return structure;
  };
};

/** `member.1`, `member.2`, …: the numbers give the order and may have gaps. */
const numbered = (node: FormNode): readonly FormNode[] =>
  [...node.children]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);

const parseList = (shape: ListShape, { of }: Context): Parse => {
  const parse = of(shape.member);
  return (node) => numbered(node.children.get('member') ?? node).map((item) => parse(item));
};

const parseMap = (shape: MapShape, { of }: Context): Parse => {
  const parse = of(shape.value);
  return (node) => {
    const map: Record<string, unknown> = Object.create(null);
    for (const { children } of numbered(node.children.get('entry') ?? node)) {
      const key = children.get('key')?.text;
      const value = children.get('value');
      if (key !== undefined && value !== undefined) map[key] = parse(value);
    }
    return map;
  };
};

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

const numberIn = (text: string): number => {
  if (!NUMBER.test(text)) throw new TypeMismatch(`'${text}' can not be converted to a Number`);
  return Number(text);
};

/** ISO 8601 as clients write it, or seconds since the epoch. */
const timestampIn = (text: string): number => {
  if (NUMBER.test(text)) return millisecondsFrom(Number(text));
  const milliseconds = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new TypeMismatch(`'${text}' can not be converted to a Timestamp`);
  return inDateRange(milliseconds);
};

const readers = scalarReaders({
  blob: (raw) => decodeBase64(String(raw)),
  timestamp: (raw) => timestampIn(String(raw)),
});

const scalars: Readonly<Record<keyof typeof readers, (text: string) => unknown>> = {
  ...readers,
  integer: (text) => readers.integer(numberIn(text)),
  long: (text) => readers.long(numberIn(text)),
  double: (text) => readers.double(numberIn(text)),
  float: (text) => readers.float(numberIn(text)),
};
