import type { Buffer } from 'node:buffer';
import type { ListShape, MapShape, ServiceModel, StructureShape } from '@millrace/aws-model';
import type { BodyCursor } from './body-cursor.ts';
import { bodyMembers } from './body-members.ts';
import { notPlain } from './not-plain.ts';
import { perShape, type ShapeContext } from './per-shape.ts';
import { boundedRecursion } from './recursion.ts';
import type { ScalarReaders } from './scalars.ts';
import { TypeMismatch } from './type-mismatch.ts';

/** What differs between formats. */
export interface PlainFormat {
  readonly open: (body: Buffer) => BodyCursor;
  /** A member's name as its bytes stand in a body. */
  readonly nameBytes: (name: string) => Uint8Array;
  readonly scalars: ScalarReaders;
}

type Read = (cursor: BodyCursor) => unknown;
type Context = ShapeContext<Read>;

/**
 * Reads bodies as a shape says, in one pass over their bytes. It gives what `decode` and `parse` would give
 * together, or undefined: then those have to look at the body.
 */
export const plainReader = (
  format: PlainFormat,
): ((model: ServiceModel, shape: string, body: Buffer) => unknown) => {
  const readerOf = perShape<Read>((shape, context) => {
    if (shape.type === 'structure') return readStructure(shape, context, format);
    if (shape.type === 'list') return readList(shape, context);
    if (shape.type === 'map') return readMap(shape, context);
    return readScalar(shape.type, format);
  }, boundedRecursion);
  return (model, shape, body) => {
    const read = readerOf(model, shape);
    const cursor = format.open(body);
    try {
      const value = read(cursor);
      cursor.end();
      return value;
    } catch (error) {
      if (error === notPlain || error instanceof TypeMismatch) return undefined;
      throw error;
    }
  };
};

/** Null is left to `parse`, which says where it may stand. */
const readScalar = (type: keyof ScalarReaders, { scalars }: PlainFormat): Read => {
  if (type === 'string') return (cursor) => cursor.string();
  if (type === 'blob') return (cursor) => cursor.blob();
  const read = scalars[type];
  return (cursor) => read(cursor.literal());
};

const readStructure = (
  shape: StructureShape,
  { model, name, of }: Context,
  { nameBytes }: PlainFormat,
): Read => {
  const members = bodyMembers(model, name, shape).map((member) => ({
    name: member.name,
    read: of(member.shape),
  }));
  const names = members.map((member) => nameBytes(member.name));
  return (cursor) => {
    const structure: Record<string, unknown> = {};
    const opened = cursor.map();
    for (let index = 0; cursor.more(opened, index); index += 1) {
      const member = members[cursor.name(names)];
      if (member === undefined) throw notPlain;
      structure[member.name] = member.read(cursor);
    }
    return structure;
  };
};

const readList = (shape: ListShape, { of }: Context): Read => {
  const read = of(shape.member);
  return (cursor) => {
    const list: unknown[] = [];
    const opened = cursor.list();
    for (let index = 0; cursor.more(opened, index); index += 1) list.push(read(cursor));
    return list;
  };
};

/** Without a prototype, so keys such as `__proto__` are keys like any other. */
const readMap = (shape: MapShape, { of }: Context): Read => {
  const read = of(shape.value);
  return (cursor) => {
    const map: Record<string, unknown> = Object.create(null);
    const opened = cursor.map();
    for (let index = 0; cursor.more(opened, index); index += 1) {
      const key = cursor.key();
      map[key] = read(cursor);
    }
    return map;
  };
};
