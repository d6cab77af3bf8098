import type { ServiceModel } from '@millrace/aws-model';
import type { Type } from './type-errors.ts';

/** The input in which `given` stands at the path, and nothing else: `Records[].Data` is in a list. */
export const inputWith = (path: string, given: unknown): object => {
  const [first = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? given : inputWith(rest.join('.'), given);
  if (first.endsWith('[]')) return { [first.slice(0, -2)]: [inner] };
  if (first.endsWith('{}')) return { [first.slice(0, -2)]: { key: inner } };
  return { [first]: inner };
};

const typeOf = (type: string): Type => `${type.charAt(0).toUpperCase()}${type.slice(1)}` as Type;

const below = (model: ServiceModel, path: string, shapeName: string): readonly [string, Type][] => {
  const shape = model.shapes[shapeName];
  if (shape === undefined) throw new Error(`no shape ${shapeName}`);
  const own: readonly [string, Type][] = [[path, typeOf(shape.type)]];
  if (shape.type === 'list') return [...own, ...below(model, `${path}[]`, shape.member)];
  if (shape.type === 'map') return [...own, ...below(model, `${path}{}`, shape.value)];
  if (shape.type === 'structure') return [...own, ...membersOf(model, shapeName, `${path}.`)];
  return own;
};

const membersOf = (model: ServiceModel, structure: string, prefix = ''): readonly [string, Type][] => {
  const shape = model.shapes[structure];
  if (shape?.type !== 'structure') throw new Error(`no structure ${structure}`);
  return Object.entries(shape.members).flatMap(([name, member]) =>
    below(model, `${prefix}${name}`, member.shape),
  );
};

/** Every member of an operation's input, by its path. */
export const modelledMembers = (model: ServiceModel, operation: string): Readonly<Record<string, Type>> => {
  const input = model.operations[operation]?.input;
  return input === undefined ? {} : Object.fromEntries(membersOf(model, input));
};
