import type { Value, ValueType } from '../values/value.ts';

/** Where a value stands in an item: an attribute, then members of maps (texts) and of lists (numbers). */
export type Path = readonly [string, ...(string | number)[]];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly candidates: readonly Operand[] }
  | { readonly kind: 'call'; readonly name: ConditionFunction; readonly operands: readonly Operand[] }
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition };

export type ConditionFunction =
  | 'attribute_exists'
  | 'attribute_not_exists'
  | 'attribute_type'
  | 'begins_with'
  | 'contains';

/** What a SET gives its path. */
export type NewValue =
  | Operand
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: NewValue }
  | { readonly kind: 'list_append'; readonly first: NewValue; readonly second: NewValue }
  | { readonly kind: 'add' | 'subtract'; readonly left: NewValue; readonly right: NewValue };

export type UpdateAction =
  | { readonly action: 'set'; readonly path: Path; readonly value: NewValue }
  | { readonly action: 'remove'; readonly path: Path }
  | { readonly action: 'add' | 'delete'; readonly path: Path; readonly value: Value };

/** The names of types in AWS's messages about operands. */
export const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  L: 'LIST',
  M: 'MAP',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
};

/** A path as AWS's messages print it: `[a, [0], b]`. */
export const printedPath = (path: Path): string =>
  `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
