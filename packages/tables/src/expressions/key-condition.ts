import { invalid, invalidParameter } from '../errors.ts';
import type { KeySchema } from '../model/table-definition.ts';
import { compareValues } from '../values/compare.ts';
import { AFTER, keyPart, partitionText, prefixPart } from '../values/ordered-key.ts';
import { isEmpty, isKeyValue, type KeyValue, type Value } from '../values/value.ts';
import type { Comparator, Condition, Operand } from './tree.ts';

/** Ordered keys from `low` on, up to `high` and without it. */
export interface KeyRange {
  readonly low: string;
  readonly high: string;
}

const notSupported = () => invalid('Query key condition not supported');

/** A condition on one key attribute, taken apart. */
interface KeyTest {
  readonly name: string;
  readonly operator: Comparator | 'between' | 'begins_with';
  readonly values: readonly Value[];
}

const valueIn = (operand: Operand | undefined): Value => {
  if (operand?.kind === 'value') return operand.value;
  throw notSupported();
};

const nameIn = (operand: Operand | undefined): string => {
  if (operand?.kind === 'path' && operand.path.length === 1) return operand.path[0];
  throw notSupported();
};

const MIRRORED: Readonly<Partial<Record<Comparator, Comparator>>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

const testOf = (condition: Condition): KeyTest => {
  if (condition.kind === 'compare') {
    const { comparator, left, right } = condition;
    if (comparator === '<>') throw notSupported();
    if (left.kind === 'path') return { name: nameIn(left), operator: comparator, values: [valueIn(right)] };
    return { name: nameIn(right), operator: MIRRORED[comparator] ?? comparator, values: [valueIn(left)] };
  }
  if (condition.kind === 'between') {
    const { operand, low, high } = condition;
    return { name: nameIn(operand), operator: 'between', values: [valueIn(low), valueIn(high)] };
  }
  if (condition.kind !== 'call' || condition.name !== 'begins_with') throw notSupported();
  const [operand, start] = condition.operands;
  return { name: nameIn(operand), operator: 'begins_with', values: [valueIn(start)] };
};

const testsIn = (condition: Condition): readonly KeyTest[] =>
  condition.kind === 'all' ? condition.conditions.flatMap(testsIn) : [testOf(condition)];

type RangeOf = (partition: string, first: KeyValue, second: KeyValue) => KeyRange;

/** What of a partition a condition on the range key leaves. */
const RANGES: Readonly<Record<Exclude<KeyTest['operator'], '<>'>, RangeOf>> = {
  '=': (partition, value) => ({
    low: partition + keyPart(value),
    high: partition + keyPart(value) + AFTER,
  }),
  '<': (partition, value) => ({ low: partition, high: partition + keyPart(value) }),
  '<=': (partition, value) => ({ low: partition, high: partition + keyPart(value) + AFTER }),
  '>': (partition, value) => ({ low: partition + keyPart(value) + AFTER, high: partition + AFTER }),
  '>=': (partition, value) => ({ low: partition + keyPart(value), high: partition + AFTER }),
  between: (partition, from, to) => ({
    low: partition + keyPart(from),
    high: partition + keyPart(to) + AFTER,
  }),
  begins_with: (partition, start) => {
    if (start.type === 'N') throw notSupported();
    return { low: partition + prefixPart(start), high: partition + prefixPart(start) + AFTER };
  },
};

const keyValues = (test: KeyTest, type: string): readonly KeyValue[] =>
  test.values.map((value) => {
    if (!isKeyValue(value) || value.type !== type) {
      throw invalidParameter('Condition parameter type does not match schema type');
    }
    if (isEmpty(value)) {
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${value.type === 'S' ? 'string' : 'binary'} value. Key: ${test.name}`,
      );
    }
    return value;
  });

const onlyTest = (tests: readonly KeyTest[], name: string): KeyTest | undefined => {
  const found = tests.filter((test) => test.name === name);
  if (found.length > 1) throw invalid('KeyConditionExpressions must only contain one condition per key');
  return found[0];
};

const rangeOf = (partition: string, test: KeyTest, type: string): KeyRange => {
  const [first, second = first] = keyValues(test, type);
  if (first === undefined || second === undefined || test.operator === '<>') throw notSupported();
  if ((compareValues(first, second) ?? 0) > 0) {
    throw invalid(
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    );
  }
  return RANGES[test.operator](partition, first, second);
};

/** The keys that a query asks for: one partition, or a part of it that is in one piece. */
export const keyRangeOf = (condition: Condition, schema: KeySchema): KeyRange => {
  const tests = testsIn(condition);
  const hashTest = onlyTest(tests, schema.hash.name);
  if (hashTest === undefined) throw invalid(`Query condition missed key schema element: ${schema.hash.name}`);
  const [hash] = keyValues(hashTest, schema.hash.type);
  if (hash === undefined || hashTest.operator !== '=') throw notSupported();
  const partition = partitionText(hash);
  const rest = tests.filter((test) => test !== hashTest);
  if (rest.length === 0) return { low: partition, high: partition + AFTER };
  const { range } = schema;
  const rangeTest = range && onlyTest(rest, range.name);
  if (range === undefined || rangeTest === undefined) {
    if (range === undefined) throw notSupported();
    throw invalid(`Query condition missed key schema element: ${range.name}`);
  }
  if (rest.length > 1) throw notSupported();
  return rangeOf(partition, rangeTest, range.type);
};
