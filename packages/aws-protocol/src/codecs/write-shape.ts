import type { ListShape, MapShape, ServiceModel, StructureShape } from '@millrace/aws-model';
import { bodyMembers } from './body-members.ts';
import type { BodyOutput } from './body-output.ts';
import { perShape, type ShapeContext } from './per-shape.ts';
import { boundedRecursion } from './recursion.ts';

/** What differs between formats. */
export interface OutputFormat<Name> {
  readonly open: () => BodyOutput<Name>;
  /** A member's name, made ready once. */
  readonly nameOf: (name: string) => Name;
}

type Write<Name> = (output: BodyOutput<Name>, value: unknown) => void;
type Context<Name> = ShapeContext<Write<Name>>;

/** Writes values as a shape says: what is not modelled stays behind, undefined and null are left out. */
export const shapeWriter = <Name>(
  format: OutputFormat<Name>,
): ((model: ServiceModel, shape: string, value: unknown) => Uint8Array) => {
  const writerOf = perShape<Write<Name>>((shape, context) => {
    if (shape.type === 'structure') return writeStructure(shape, context, format);
    if (shape.type === 'list') return writeList(shape, context);
    if (shape.type === 'map') return writeMap(shape, context);
    if (shape.type === 'blob') return (output, value) => output.blob(value as Uint8Array);
    if (shape.type === 'timestamp') return (output, value) => output.timestamp(value as number);
    return (output, value) => output.scalar(value);
  }, boundedRecursion);
  return (model, shape, value) => {
    const write = writerOf(model, shape);
    const output = format.open();
    write(output, value);
    return output.finish();
  };
};

const isAbsent = (value: unknown): value is null | undefined => value === undefined || value === null;

const writeStructure = <Name>(
  shape: StructureShape,
  { model, name, of }: Context<Name>,
  { nameOf }: OutputFormat<Name>,
): Write<Name> => {
  const members = bodyMembers(model, name, shape).map((member) => ({
    key: member.name,
    name: nameOf(member.name),
    write: of(member.shape),
  }));
  return (output, value) => {
    const structure = value as Readonly<Record<string, unknown>>;
    const start = output.map(members.length);
    let count = 0;
    for (const { key, name: written, write } of members) {
      const member = structure[key];
      if (isAbsent(member)) continue;
      output.name(written, count);
      write(output, member);
      count += 1;
    }
    output.endMap(start, count, members.length);
  };
};

const writeList = <Name>(shape: ListShape, { of }: Context<Name>): Write<Name> => {
  const write = of(shape.member);
  return (output, value) => {
    const list = value as readonly unknown[];
    output.list(list.length);
    for (let index = 0; index < list.length; index += 1) {
      const start = output.length;
      output.item(index);
      write(output, list[index]);
      if (index === 0) output.expect(list.length - 1, output.length - start);
    }
    output.endList();
  };
};

const writeMap = <Name>(shape: MapShape, { of }: Context<Name>): Write<Name> => {
  const write = of(shape.value);
  return (output, value) => {
    const entries = Object.entries(value as object).filter(([, item]) => !isAbsent(item));
    const start = output.map(entries.length);
    for (const [index, [key, item]] of entries.entries()) {
      output.key(key, index);
      write(output, item);
    }
    output.endMap(start, entries.length, entries.length);
  };
};
