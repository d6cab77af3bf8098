import type { AttributeValueUpdate, ReturnValuesOnConditionCheckFailure } from '@millrace/aws-model/dynamodb';
import type { CallContext } from '@millrace/aws-protocol';
import { invalid, invalidParameter } from '../errors.ts';
import { applyUpdate } from '../expressions/apply-update.ts';
import { parseUpdate } from '../expressions/parse-update.ts';
import type { Placeholders } from '../expressions/placeholders.ts';
import type { Path, UpdateAction } from '../expressions/tree.ts';
import { legacyUpdate } from '../legacy/attribute-updates.ts';
import type { Item } from '../values/value.ts';
import { readItem, type WireItem } from '../values/wire.ts';
import { tableNamed } from './find-table.ts';
import { keyOfItem, keyOfRequest } from './item-key.ts';
import type { ItemWrite } from './item-write.ts';
import { type ConditionInput, conditionIn, placeholdersOf } from './parameters.ts';
import { keyAttributes, type TableDefinition } from './table-definition.ts';

/** What all requests that write an item have. */
interface WriteInput extends ConditionInput {
  readonly TableName: string;
  readonly ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | undefined;
}

type KeyedInput = WriteInput & { readonly Key: WireItem };

type Scope = Pick<CallContext, 'account' | 'region'>;

const common = (input: WriteInput, placeholders: Placeholders, scope: Scope) => {
  const condition = conditionIn(input, placeholders);
  placeholders.checkAllUsed();
  return {
    table: tableNamed(input.TableName, scope),
    condition,
    tellsItem: input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
};

const keyed = (key: Item) => (table: TableDefinition) => keyOfRequest(key, table.key);

export const putOf = (input: WriteInput & { readonly Item: WireItem }, scope: Scope): ItemWrite => {
  const item = readItem(input.Item);
  return {
    ...common(input, placeholdersOf(input), scope),
    keyIn: (table) => keyOfItem(item, table.key),
    outcome: () => item,
  };
};

export const deleteOf = (input: KeyedInput, scope: Scope): ItemWrite => ({
  ...common(input, placeholdersOf(input), scope),
  keyIn: keyed(readItem(input.Key)),
  outcome: () => undefined,
});

/** A condition alone: nothing changes. */
export const checkOf = (input: KeyedInput, scope: Scope): ItemWrite => ({
  ...common(input, placeholdersOf(input), scope),
  keyIn: keyed(readItem(input.Key)),
  outcome: (before) => before,
});

type UpdateInput = KeyedInput & {
  readonly UpdateExpression?: string | undefined;
  readonly AttributeUpdates?: Readonly<Record<string, AttributeValueUpdate>> | undefined;
};

const checkKeyUntouched = (actions: readonly UpdateAction[], { key }: TableDefinition): void => {
  for (const { name } of keyAttributes(key)) {
    if (actions.some(({ path }) => path[0] === name)) {
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
};

const TAKES_AWAY = ['remove', 'delete'];

/** An update that only takes away makes no item where there was none. */
const makesItem = (actions: readonly UpdateAction[]): boolean =>
  actions.length === 0 || actions.some(({ action }) => !TAKES_AWAY.includes(action));

/** The write, and the paths that it is about. */
export const updateOf = (
  input: UpdateInput,
  scope: Scope,
): { readonly write: ItemWrite; readonly paths: readonly Path[] } => {
  const placeholders = placeholdersOf(input);
  const { UpdateExpression: text, AttributeUpdates: updates } = input;
  const actions = text === undefined ? legacyUpdate(updates) : parseUpdate(text, placeholders);
  const key = readItem(input.Key);
  const outcome: ItemWrite['outcome'] = (before, table) => {
    checkKeyUntouched(actions, table);
    const changed = applyUpdate(before ?? key, actions);
    return before === undefined && !makesItem(actions) ? undefined : changed;
  };
  const sizeText = 'Item size to update has exceeded the maximum allowed size';
  const write = { ...common(input, placeholders, scope), keyIn: keyed(key), outcome, sizeText };
  return { write, paths: actions.map(({ path }) => path) };
};

/** Which of the five ways of answering an operation knows. */
export const checkReturnValues = (given: string | undefined, known: readonly string[]): void => {
  if (given === undefined || known.includes(given)) return;
  throw invalid('ReturnValues can only be ALL_OLD or NONE');
};
