import { compareValues } from '../values/compare.ts';
import { isKeyValue, type Value, type ValueType } from '../values/value.ts';
import { Cursor, type ExpressionName } from './cursor.ts';
import type { Placeholders } from './placeholders.ts';
import {
  type Comparator,
  type Condition,
  type ConditionFunction,
  type Operand,
  printedPath,
  TYPE_NAMES,
} from './tree.ts';

/**
 *     condition  = all { OR all }
 *     all        = not { AND not }
 *     not        = NOT not | "(" condition ")" | call | comparison
 *     call       = function "(" operand { "," operand } ")"
 *     comparison = operand ( comparator operand
 *                          | BETWEEN operand AND operand
 *                          | IN "(" operand { "," operand } ")" )
 *     operand    = path | value | size "(" operand ")"
 */

const COMPARATORS: readonly Comparator[] = ['=', '<>', '<=', '<', '>=', '>'];
/** API documentation. */
const IN_OPERANDS_MAX = 100;

interface FunctionRow {
  readonly operandCount: number;
  /** The first operand has to be a path. */
  readonly ofPath?: boolean;
  /** What a second operand that is a value may be. */
  readonly secondTypes?: readonly ValueType[];
}

const FUNCTIONS: Readonly<Record<ConditionFunction, FunctionRow>> = {
  attribute_exists: { operandCount: 1, ofPath: true },
  attribute_not_exists: { operandCount: 1, ofPath: true },
  attribute_type: { operandCount: 2, ofPath: true, secondTypes: ['S'] },
  begins_with: { operandCount: 2, secondTypes: ['S', 'B'] },
  contains: { operandCount: 2 },
};

const isFunction = (name: string): name is ConditionFunction => Object.hasOwn(FUNCTIONS, name);

class ConditionParser {
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  condition(): Condition {
    return this.#chain('any', 'OR', () => this.#chain('all', 'AND', () => this.#not()));
  }

  #chain(kind: 'all' | 'any', word: string, read: () => Condition): Condition {
    const first = read();
    const conditions = [first];
    while (this.#cursor.takes(word)) conditions.push(read());
    return conditions.length === 1 ? first : { kind, conditions };
  }

  #not(): Condition {
    const cursor = this.#cursor;
    if (cursor.takes('NOT')) return { kind: 'not', condition: cursor.nested(() => this.#not()) };
    if (!cursor.takes('(')) return this.#callOrComparison();
    const condition = cursor.nested(() => this.condition());
    cursor.expect(')');
    return condition;
  }

  #callOrComparison(): Condition {
    const name = this.#cursor.takeFunctionName();
    if (name === undefined) return this.#comparison(this.#operand());
    if (name === 'size') return this.#comparison(this.#size());
    if (!isFunction(name)) throw this.#cursor.error(`Invalid function name; function: ${name}`);
    return this.#call(name);
  }

  #call(name: ConditionFunction): Condition {
    const cursor = this.#cursor;
    const operands = cursor.list(() => this.#operand());
    cursor.expect(')');
    const { operandCount, ofPath, secondTypes } = FUNCTIONS[name];
    if (operands.length !== operandCount) {
      throw cursor.error(
        `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
      );
    }
    const [first, second] = operands;
    if (ofPath && first?.kind !== 'path') {
      throw cursor.error(`Operator or function requires a document path; operator or function: ${name}`);
    }
    if (second?.kind === 'value' && secondTypes?.includes(second.value.type) === false) {
      throw this.#wrongType(name, second.value);
    }
    if (name === 'attribute_type') this.#checkTypeName(second);
    return { kind: 'call', name, operands };
  }

  #checkTypeName(operand: Operand | undefined): void {
    const name = operand?.kind === 'value' && operand.value.type === 'S' ? operand.value.value : undefined;
    if (name !== undefined && Object.hasOwn(TYPE_NAMES, name)) return;
    throw this.#cursor.error(
      `Invalid attribute type name found; type: ${name}, valid types: {${Object.keys(TYPE_NAMES).join(',')}}`,
    );
  }

  #comparison(left: Operand): Condition {
    const cursor = this.#cursor;
    const comparator = cursor.takeSign(COMPARATORS);
    if (comparator !== undefined) return this.#compare(comparator, left, this.#operand());
    if (cursor.takes('BETWEEN')) return this.#between(left);
    if (!cursor.takes('IN')) throw cursor.syntaxError();
    cursor.expect('(');
    const candidates = cursor.list(() => this.#operand());
    cursor.expect(')');
    if (candidates.length > IN_OPERANDS_MAX) {
      throw cursor.error(
        `Too many operands for IN operator; number of operands: ${candidates.length}, maximum: ${IN_OPERANDS_MAX}`,
      );
    }
    return { kind: 'in', operand: left, candidates };
  }

  #compare(comparator: Comparator, left: Operand, right: Operand): Condition {
    if (comparator !== '=' && comparator !== '<>') this.#checkOrdered(comparator, [left, right]);
    if (left.kind === 'path' && right.kind === 'path' && printedPath(left.path) === printedPath(right.path)) {
      throw this.#cursor.error(
        `The first operand must be distinct from the remaining operands for this operator or function; operator: ${comparator}, first operand: ${printedPath(left.path)}`,
      );
    }
    return { kind: 'compare', comparator, left, right };
  }

  #between(operand: Operand): Condition {
    const low = this.#operand();
    this.#cursor.expect('AND');
    const high = this.#operand();
    this.#checkOrdered('BETWEEN', [operand, low, high]);
    if (low.kind === 'value' && high.kind === 'value' && (compareValues(low.value, high.value) ?? 0) > 0) {
      throw this.#cursor.error(
        'The BETWEEN operator requires upper bound to be greater than or equal to lower bound;',
      );
    }
    return { kind: 'between', operand, low, high };
  }

  #checkOrdered(operator: string, operands: readonly Operand[]): void {
    for (const operand of operands) {
      if (operand.kind === 'value' && !isKeyValue(operand.value)) {
        throw this.#wrongType(operator, operand.value);
      }
    }
  }

  #operand(): Operand {
    const cursor = this.#cursor;
    const value = cursor.takeValue();
    if (value !== undefined) return { kind: 'value', value };
    const name = cursor.takeFunctionName();
    if (name === 'size') return this.#size();
    if (name !== undefined) throw cursor.error(`Invalid function name; function: ${name}`);
    const path = cursor.takePath();
    if (path === undefined) throw cursor.syntaxError();
    return { kind: 'path', path };
  }

  #size(): Operand {
    const cursor = this.#cursor;
    const operand = cursor.nested(() => this.#operand());
    cursor.expect(')');
    return { kind: 'size', of: operand };
  }

  #wrongType(operator: string, value: Value) {
    return this.#cursor.error(
      `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${TYPE_NAMES[value.type]}`,
    );
  }
}

export const parseCondition = (name: ExpressionName, text: string, placeholders: Placeholders): Condition => {
  const cursor = new Cursor(name, text, placeholders);
  const condition = new ConditionParser(cursor).condition();
  cursor.expectEnd();
  return condition;
};
