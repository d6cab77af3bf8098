import type { AttributeValue } from '@millrace/aws-model/dynamodb';
import type { ServiceError } from '@millrace/aws-protocol';
import { invalid } from '../errors.ts';
import type { Value } from '../values/value.ts';
import { readValue } from '../values/wire.ts';

export interface PlaceholderInput {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>> | undefined;
}

const NAME_FORM = /^#[A-Za-z0-9_]+$/;
const VALUE_FORM = /^:[A-Za-z0-9_]+$/;

type Member = 'ExpressionAttributeNames' | 'ExpressionAttributeValues';

const checkKeys = (member: Member, keys: readonly string[], form: RegExp): void => {
  if (keys.length === 0) throw invalid(`${member} must not be empty`);
  const bad = keys.find((key) => !form.test(key));
  if (bad !== undefined) throw invalid(`${member} contains invalid key: Syntax error; key: "${bad}"`);
};

const readNamed = ([name, wire]: [string, AttributeValue]): [string, Value] => {
  try {
    return [name, readValue(wire)];
  } catch (error) {
    const { message } = error as ServiceError;
    throw invalid(`ExpressionAttributeValues contains invalid value: ${message} for key ${name}`);
  }
};

/** What a request's expressions may call names and values by, and which of them they did. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, Value>;
  readonly #used = new Set<string>();

  constructor({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }: PlaceholderInput) {
    if (names !== undefined) checkKeys('ExpressionAttributeNames', Object.keys(names), NAME_FORM);
    if (values !== undefined) checkKeys('ExpressionAttributeValues', Object.keys(values), VALUE_FORM);
    this.#names = new Map(Object.entries(names ?? {}));
    this.#values = new Map(Object.entries(values ?? {}).map(readNamed));
  }

  name(placeholder: string): string | undefined {
    this.#used.add(placeholder);
    return this.#names.get(placeholder);
  }

  value(placeholder: string): Value | undefined {
    this.#used.add(placeholder);
    return this.#values.get(placeholder);
  }

  /** AWS refuses what is given and not used. */
  checkAllUsed(): void {
    this.#checkUsed('ExpressionAttributeNames', this.#names);
    this.#checkUsed('ExpressionAttributeValues', this.#values);
  }

  #checkUsed(member: Member, given: ReadonlyMap<string, unknown>): void {
    const idle = [...given.keys()].filter((key) => !this.#used.has(key));
    if (idle.length > 0)
      throw invalid(`Value provided in ${member} unused in expressions: keys: {${idle.join(', ')}}`);
  }
}
