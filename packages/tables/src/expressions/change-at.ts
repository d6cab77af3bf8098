import { invalid } from '../errors.ts';
import type { Item, Value } from '../values/value.ts';
import type { Path } from './tree.ts';

type Steps = readonly (string | number)[];

const invalidPath = () =>
  invalid('The document path provided in the update expression is invalid for update');

const changedMap = (map: Item, name: string, rest: Steps, value: Value | undefined): Item => {
  const changed = new Map(map);
  const inner = rest.length === 0 ? value : changedWithin(map.get(name), rest, value);
  if (inner === undefined) changed.delete(name);
  else changed.set(name, inner);
  return changed;
};

/** An index behind the end means the end. */
const changedList = (
  list: readonly Value[],
  index: number,
  rest: Steps,
  value: Value | undefined,
): readonly Value[] => {
  const inner = rest.length === 0 ? value : changedWithin(list[index], rest, value);
  if (inner === undefined) return list.toSpliced(index, 1);
  return index >= list.length ? [...list, inner] : list.with(index, inner);
};

const changedWithin = (
  container: Value | undefined,
  [step, ...rest]: Steps,
  value: Value | undefined,
): Value => {
  if (container?.type === 'M' && typeof step === 'string') {
    return { type: 'M', value: changedMap(container.value, step, rest, value) };
  }
  if (container?.type === 'L' && typeof step === 'number') {
    return { type: 'L', value: changedList(container.value, step, rest, value) };
  }
  throw invalidPath();
};

/** The item with the value at the path, or without anything there. All on the way there has to be. */
export const changeAt = (item: Item, [name, ...rest]: Path, value: Value | undefined): Item =>
  changedMap(item, name, rest, value);
