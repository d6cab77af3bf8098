import type { ServiceModel, StructureShape } from '@millrace/aws-model';

export interface BodyMember {
  readonly name: string;
  readonly shape: string;
}

/**
 * The members of a structure that travel in a body, in the order in which AWS looks at them. Those of the
 * URI and of headers (REST) and event streams are not in the body.
 */
export const bodyMembers = (
  model: ServiceModel,
  name: string,
  shape: StructureShape,
): readonly BodyMember[] =>
  orderedMembers(model, name, shape)
    .map((member) => ({ name: member, entry: shape.members[member] }))
    .filter(({ entry }) => entry && !entry.location && !isEventStream(model, entry.shape))
    .map(({ name: member, entry }) => ({ name: member, shape: entry?.shape ?? '' }));

const isEventStream = (model: ServiceModel, name: string): boolean => {
  const shape = model.shapes[name];
  return shape?.type === 'structure' && shape.eventStream === true;
};

/** The recorded order first, then what it does not mention, as the model has it. */
export const orderedMembers = (
  model: ServiceModel,
  name: string,
  shape: StructureShape,
): readonly string[] => {
  const names = Object.keys(shape.members);
  const inherited = names.find((member) => member in Object.prototype);
  if (inherited) throw new Error(`${model.name}: ${name} has a member ${inherited}, which every object has`);
  const first = shape.memberOrder ?? orderOfInput(model, name) ?? [];
  return [...first, ...names.filter((member) => !first.includes(member))];
};

const orderOfInput = (model: ServiceModel, name: string): readonly string[] | undefined =>
  Object.values(model.operations).find(({ input, memberOrder }) => input === name && memberOrder)
    ?.memberOrder;
