import type { ServiceModel, Shape } from '../service-model.ts';

/** The names of all shapes that an operation's input or output leads to, sorted; errors are not followed. */
export const reachable = (model: ServiceModel): readonly string[] => {
  const seen = new Set<string>();
  const pending = Object.values(model.operations).flatMap(({ input, output }) => [input, output]);
  for (const name of pending) {
    if (name === undefined || seen.has(name)) continue;
    seen.add(name);
    const shape = model.shapes[name];
    if (!shape) throw new Error(`no shape ${name} in ${model.name}`);
    pending.push(...targets(shape));
  }
  return [...seen].sort();
};

const targets = (shape: Shape): readonly string[] => {
  if (shape.type === 'structure') return Object.values(shape.members).map((member) => member.shape);
  if (shape.type === 'list') return [shape.member];
  if (shape.type === 'map') return [shape.key, shape.value];
  return [];
};
