import { isDeepStrictEqual } from 'node:util';
import type { Correction, ShapeCorrection } from '../corrections.ts';
import type { OperationModel, ServiceModel, Shape } from '../service-model.ts';

/** The model with the corrections applied. A correction that names nothing, or changes nothing, is a mistake. */
export const correct = (model: ServiceModel, corrections: readonly Correction[]): ServiceModel =>
  corrections.reduce(correctOnce, model);

const correctOnce = (model: ServiceModel, correction: Correction): ServiceModel => {
  const { reason: _reason, operations = {}, shapes = {}, ...head } = correction;
  return {
    ...model,
    ...head,
    operations: merge<OperationModel>(model.operations, operations, (operation, name) => {
      checkMembers(model.shapes[operation.input ?? ''], operation.memberOrder, name);
    }),
    shapes: merge<Shape>(model.shapes, shapes, (shape, name) => {
      checkMembers(shape, (shape as ShapeCorrection).memberOrder, name);
    }),
  };
};

const merge = <Entry extends object>(
  entries: Readonly<Record<string, Entry>>,
  changes: Readonly<Record<string, object>>,
  check: (entry: Entry, name: string) => void,
): Record<string, Entry> => {
  const merged: Record<string, Entry> = { ...entries };
  for (const [name, change] of Object.entries(changes)) {
    const before = merged[name];
    if (!before) throw new Error(`a correction names ${name}, which the model does not have`);
    const after = { ...before, ...change };
    if (isDeepStrictEqual(before, after)) throw new Error(`the correction of ${name} changes nothing`);
    check(after, name);
    merged[name] = after;
  }
  return merged;
};

const checkMembers = (shape: Shape | undefined, order: readonly string[] | undefined, name: string): void => {
  const members = shape?.type === 'structure' ? shape.members : {};
  const unknown = order?.filter((member) => !Object.hasOwn(members, member)) ?? [];
  if (unknown.length > 0) throw new Error(`the member order of ${name} names ${unknown.join(', ')}`);
};
