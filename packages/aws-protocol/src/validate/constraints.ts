import type { BlobShape, ListShape, MapShape, NumberShape, Shape, StringShape } from '@millrace/aws-model';
import { codePointsBetween } from './code-points.ts';
import { wholeMatch } from './pattern.ts';

/** One thing that a shape demands, and how AWS words it. */
export interface Constraint {
  readonly holds: (value: never) => boolean;
  readonly text: string;
}

/** The constraints of a value itself (not of what it holds), in the order in which AWS reports them. */
export const constraintsOf = (shape: Shape): readonly Constraint[] => {
  if (shape.type === 'string') return stringConstraints(shape);
  if (shape.type === 'blob') return sizes(shape, byteLengthBetween);
  if (shape.type === 'list') return sizes(shape, itemsBetween);
  if (shape.type === 'map') return sizes(shape, keysBetween);
  return isNumber(shape) ? values(shape) : [];
};

const isNumber = (shape: Shape): shape is NumberShape =>
  shape.type === 'integer' || shape.type === 'long' || shape.type === 'double' || shape.type === 'float';

const stringConstraints = (shape: StringShape): readonly Constraint[] => {
  const constraints: Constraint[] = [];
  if (shape.enum) constraints.push(oneOf(shape.enum));
  if (shape.pattern !== undefined) constraints.push(matching(shape.pattern, shape.max));
  return [...constraints, ...sizes(shape, lengthBetween)];
};

const oneOf = (names: readonly string[]): Constraint => {
  const known: ReadonlySet<string> = new Set(names);
  return {
    holds: (value: string) => known.has(value),
    text: `Member must satisfy enum value set: [${names.join(', ')}]`,
  };
};

const matching = (pattern: string, max: number | undefined): Constraint => ({
  holds: wholeMatch(pattern, max),
  text: `Member must satisfy regular expression pattern: ${pattern}`,
});

type Between = (min: number, max: number) => (value: never) => boolean;

const sizes = (
  shape: StringShape | BlobShape | ListShape | MapShape,
  between: Between,
): readonly Constraint[] => bounds(shape, between, 'Member must have length');

const values = (shape: NumberShape): readonly Constraint[] =>
  bounds(shape, (min, max) => (value: number) => value >= min && value <= max, 'Member must have value');

const bounds = (
  { min, max }: { readonly min?: number; readonly max?: number },
  between: Between,
  start: string,
): readonly Constraint[] => {
  const constraints: Constraint[] = [];
  if (min !== undefined) {
    constraints.push({ holds: between(min, Infinity), text: `${start} greater than or equal to ${min}` });
  }
  if (max !== undefined) {
    constraints.push({ holds: between(-Infinity, max), text: `${start} less than or equal to ${max}` });
  }
  return constraints;
};

const lengthBetween: Between = (min, max) => (value: string) => codePointsBetween(value, min, max);

const byteLengthBetween: Between = (min, max) => (value: Uint8Array) =>
  value.byteLength >= min && value.byteLength <= max;

const itemsBetween: Between = (min, max) => (value: readonly unknown[]) =>
  value.length >= min && value.length <= max;

const keysBetween: Between = (min, max) => (value: object) => {
  let count = 0;
  for (const _key in value) count += 1;
  return count >= min && count <= max;
};
