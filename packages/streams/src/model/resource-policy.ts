import type { ServiceError } from '@millrace/aws-protocol';
import { invalidArgument } from './errors.ts';

/** The model has no bound; this is far above what AWS lets a resource policy be. */
const POLICY_BYTES_MAX = 64 * 1024;
const STATEMENTS_MAX = 1_000;

const VERSIONS: readonly unknown[] = ['2012-10-17', '2008-10-17'];
const EFFECTS: readonly unknown[] = ['Allow', 'Deny'];
/** A vendor's prefix and an action, or all of them. */
const ACTION_FORM = /^(\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$/;

type Members = Readonly<Record<string, unknown>>;

const refusal = (why: string): ServiceError => invalidArgument(`The policy is not valid: ${why}`);

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const areTexts = (value: unknown): boolean => {
  const list = listOf(value);
  return list.length > 0 && list.every((each) => typeof each === 'string' && each.length > 0);
};

/** `"*"`, or texts or lists of them under a kind such as `AWS`. */
const isPrincipal = (value: unknown): boolean =>
  value === '*' || (isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(areTexts));

const areActions = (value: unknown): boolean =>
  areTexts(value) && listOf(value).every((each) => ACTION_FORM.test(String(each)));

/** Each needs one of the two members, of this form. */
const STATEMENT_RULES = [
  { members: ['Effect'], holds: (value: unknown) => EFFECTS.includes(value), form: 'Allow or Deny' },
  {
    members: ['Principal', 'NotPrincipal'],
    holds: isPrincipal,
    form: '"*", or principals under AWS, Service, Federated or CanonicalUser',
  },
  {
    members: ['Action', 'NotAction'],
    holds: areActions,
    form: 'one or more actions such as kinesis:GetRecords',
  },
] as const;

const checkStatement = (statement: unknown, number: number): void => {
  if (!isObject(statement)) throw refusal(`statement ${number} is not an object.`);
  for (const { members, holds, form } of STATEMENT_RULES) {
    const [name, ...more] = members.filter((member) => statement[member] !== undefined);
    if (name === undefined) throw refusal(`statement ${number} has no ${members[0]}.`);
    if (more.length > 0) throw refusal(`statement ${number} has both ${name} and ${more[0]}.`);
    if (!holds(statement[name])) throw refusal(`${name} of statement ${number} must be ${form}.`);
  }
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal('it is not JSON.');
  }
};

/** Throws unless the text is a resource policy; what it allows is not looked at. */
export const checkResourcePolicy = (text: string): void => {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    throw refusal(`it is larger than ${POLICY_BYTES_MAX} bytes.`);
  }
  const policy = parse(text);
  if (!isObject(policy)) throw refusal('it is not a JSON object.');
  if (!VERSIONS.includes(policy.Version)) throw refusal(`Version must be ${VERSIONS.join(' or ')}.`);
  const statements = policy.Statement === undefined ? [] : listOf(policy.Statement);
  if (statements.length === 0) throw refusal('it has no Statement.');
  if (statements.length > STATEMENTS_MAX) throw refusal(`it has more than ${STATEMENTS_MAX} statements.`);
  statements.forEach((statement, index) => {
    checkStatement(statement, index + 1);
  });
};
