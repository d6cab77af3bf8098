import type { ServiceModel } from '@millrace/aws-model';
import { bodyMembers } from './body-members.ts';

/** The shapes that a shape consists of. */
const partsOf = (model: ServiceModel, name: string): readonly string[] => {
  const shape = model.shapes[name];
  if (shape?.type === 'structure') return bodyMembers(model, name, shape).map((member) => member.shape);
  if (shape?.type === 'list') return [shape.member];
  return shape?.type === 'map' ? [shape.value] : [];
};

/** Whether a blob can stand anywhere in a value of the shape. */
const findBlobs = (model: ServiceModel, name: string): boolean => {
  const found = new Set([name]);
  for (const part of found) for (const inner of partsOf(model, part)) found.add(inner);
  return [...found].some((part) => model.shapes[part]?.type === 'blob');
};

const known = new WeakMap<ServiceModel, Map<string, boolean>>();

export const holdsBlobs = (model: ServiceModel, name: string): boolean => {
  const answers = known.get(model) ?? new Map<string, boolean>();
  known.set(model, answers);
  const answer = answers.get(name) ?? findBlobs(model, name);
  answers.set(name, answer);
  return answer;
};
