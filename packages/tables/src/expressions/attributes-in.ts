import type { Condition, Operand } from './tree.ts';

const operandsIn = (condition: Condition): readonly Operand[] => {
  switch (condition.kind) {
    case 'compare':
      return [condition.left, condition.right];
    case 'between':
      return [condition.operand, condition.low, condition.high];
    case 'in':
      return [condition.operand, ...condition.candidates];
    case 'call':
      return condition.operands;
    case 'not':
      return operandsIn(condition.condition);
    default:
      return condition.conditions.flatMap(operandsIn);
  }
};

const attributeOf = (operand: Operand): readonly string[] => {
  if (operand.kind === 'size') return attributeOf(operand.of);
  return operand.kind === 'path' ? [operand.path[0]] : [];
};

/** The attributes that a condition looks at. */
export const attributesIn = (condition: Condition): ReadonlySet<string> =>
  new Set(operandsIn(condition).flatMap(attributeOf));
