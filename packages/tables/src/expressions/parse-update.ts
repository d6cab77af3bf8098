import type { Value, ValueType } from '../values/value.ts';
import { Cursor } from './cursor.ts';
import { checkDistinct } from './distinct-paths.ts';
import type { Placeholders } from './placeholders.ts';
import { type NewValue, type Path, TYPE_NAMES, type UpdateAction } from './tree.ts';

/**
 *     update  = section { section }                  each kind of section once
 *     section = SET path "=" sum { "," path "=" sum }
 *             | REMOVE path { "," path }
 *             | ( ADD | DELETE ) path value { "," path value }
 *     sum     = term [ ( "+" | "-" ) term ]
 *     term    = "(" sum ")" | path | value
 *             | if_not_exists "(" path "," sum ")" | list_append "(" sum "," sum ")"
 */

/** What ADD and DELETE can work with. */
const OPERAND_TYPES: Readonly<Record<'add' | 'delete', readonly ValueType[]>> = {
  add: ['N', 'SS', 'NS', 'BS'],
  delete: ['SS', 'NS', 'BS'],
};

class UpdateParser {
  readonly #cursor: Cursor;
  readonly #sections: Readonly<Record<string, () => UpdateAction>> = {
    SET: () => this.#set(),
    REMOVE: () => ({ action: 'remove', path: this.#path() }),
    ADD: () => this.#pathAndValue('add'),
    DELETE: () => this.#pathAndValue('delete'),
  };

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  update(): UpdateAction[] {
    const sections = Object.entries(this.#sections);
    const actions: UpdateAction[] = [];
    const seen = new Set<string>();
    for (;;) {
      const section = sections.find(([word]) => this.#cursor.takes(word));
      if (section === undefined) break;
      const [word, read] = section;
      if (seen.has(word)) {
        throw this.#cursor.error(`The "${word}" section can only be used once in an update expression;`);
      }
      seen.add(word);
      actions.push(...this.#cursor.list(read));
    }
    this.#cursor.expectEnd();
    return actions;
  }

  #set(): UpdateAction {
    const path = this.#path();
    this.#cursor.expect('=');
    return { action: 'set', path, value: this.#sum() };
  }

  #pathAndValue(action: 'add' | 'delete'): UpdateAction {
    const path = this.#path();
    const value = this.#cursor.takeValue();
    if (value === undefined) throw this.#cursor.syntaxError();
    if (!OPERAND_TYPES[action].includes(value.type)) throw this.#wrongType(action.toUpperCase(), value);
    return { action, path, value };
  }

  #sum(): NewValue {
    const left = this.#term();
    const sign = this.#cursor.takeSign(['+', '-']);
    if (sign === undefined) return left;
    const right = this.#term();
    for (const operand of [left, right]) {
      if (operand.kind === 'value' && operand.value.type !== 'N') throw this.#wrongType(sign, operand.value);
    }
    return { kind: sign === '+' ? 'add' : 'subtract', left, right };
  }

  #term(): NewValue {
    const cursor = this.#cursor;
    if (cursor.takes('(')) {
      const sum = cursor.nested(() => this.#sum());
      cursor.expect(')');
      return sum;
    }
    const value = cursor.takeValue();
    if (value !== undefined) return { kind: 'value', value };
    const name = cursor.takeFunctionName();
    if (name !== undefined) return cursor.nested(() => this.#call(name));
    return { kind: 'path', path: this.#path() };
  }

  #call(name: string): NewValue {
    if (name === 'if_not_exists') {
      const path = this.#path();
      return { kind: name, path, otherwise: this.#lastOperand() };
    }
    if (name !== 'list_append') throw this.#cursor.error(`Invalid function name; function: ${name}`);
    const first = this.#sum();
    const second = this.#lastOperand();
    for (const operand of [first, second]) {
      if (operand.kind === 'value' && operand.value.type !== 'L') throw this.#wrongType(name, operand.value);
    }
    return { kind: name, first, second };
  }

  #lastOperand(): NewValue {
    this.#cursor.expect(',');
    const operand = this.#sum();
    this.#cursor.expect(')');
    return operand;
  }

  #path(): Path {
    const path = this.#cursor.takePath();
    if (path === undefined) throw this.#cursor.syntaxError();
    return path;
  }

  #wrongType(operator: string, value: Value) {
    return this.#cursor.error(
      `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${TYPE_NAMES[value.type]}`,
    );
  }
}

export const parseUpdate = (text: string, placeholders: Placeholders): readonly UpdateAction[] => {
  const cursor = new Cursor('UpdateExpression', text, placeholders);
  const actions = new UpdateParser(cursor).update();
  checkDistinct(
    cursor,
    actions.map(({ path }) => path),
  );
  return actions;
};
