import type { AttributeValueUpdate } from '@millrace/aws-model/dynamodb';
import { invalidParameter } from '../errors.ts';
import type { UpdateAction } from '../expressions/tree.ts';
import { isSet, type Value } from '../values/value.ts';
import { readValue } from '../values/wire.ts';

const checkType = (action: string, value: Value, isGood: boolean): void => {
  if (isGood) return;
  throw invalidParameter(`Action value ${action} is not supported for the type ${value.type}`);
};

const actionOf = ([name, { Action: action = 'PUT', Value: wire }]: [
  string,
  AttributeValueUpdate,
]): UpdateAction => {
  const path = [name] as const;
  if (wire === undefined) {
    if (action === 'DELETE') return { action: 'remove', path };
    throw invalidParameter(`Only DELETE action is allowed when no attribute value is specified`);
  }
  const value = readValue(wire);
  if (action === 'PUT') return { action: 'set', path, value: { kind: 'value', value } };
  checkType(action, value, isSet(value) || (action === 'ADD' && (value.type === 'N' || value.type === 'L')));
  return { action: action === 'ADD' ? 'add' : 'delete', path, value };
};

/** AttributeUpdates as the actions of an update expression. */
export const legacyUpdate = (
  updates: Readonly<Record<string, AttributeValueUpdate>> = {},
): readonly UpdateAction[] => Object.entries(updates).map(actionOf);
