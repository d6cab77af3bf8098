import type { ServiceError } from '@millrace/aws-protocol';
import { invalid } from '../errors.ts';
import type { Value } from '../values/value.ts';
import { type Token, type TokenKind, tokensOf } from './lexer.ts';
import type { Placeholders } from './placeholders.ts';
import { isReserved } from './reserved-words.ts';
import type { Path } from './tree.ts';

/** The request's member that holds the expression; messages begin with it. */
export type ExpressionName =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** API documentation. */
const EXPRESSION_BYTES_MAX = 4_096;
const PATH_STEPS_MAX = 32;
const LIST_INDEX_MAX = 1_000_000;
/** Brackets and NOTs within one another; ours, so that no expression is deeper than the stack. */
const NESTING_MAX = 100;

/** A place in an expression that is being read, and how to refuse what stands there. */
export class Cursor {
  readonly #name: ExpressionName;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #placeholders: Placeholders;
  #at = 0;
  #depth = 0;

  constructor(name: ExpressionName, text: string, placeholders: Placeholders) {
    this.#name = name;
    this.#text = text;
    this.#placeholders = placeholders;
    if (text.trim() === '') throw this.error('The expression can not be empty;');
    const bytes = Buffer.byteLength(text);
    if (bytes > EXPRESSION_BYTES_MAX) {
      throw this.error(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
    }
    this.#tokens = tokensOf(text);
  }

  error(text: string): ServiceError {
    return invalid(`Invalid ${this.#name}: ${text}`);
  }

  syntaxError(): ServiceError {
    const before = this.#tokenAt(Math.max(0, this.#at - 1));
    const after = this.#tokenAt(this.#at + 1);
    const near = this.#text.slice(before.start, after.end);
    return this.error(`Syntax error; token: "${this.#tokenAt(this.#at).text}", near: "${near}"`);
  }

  /** Whether the next token is this sign or, in any case, this word. */
  sees(text: string, ahead = 0): boolean {
    const token = this.#tokenAt(this.#at + ahead);
    if (token.kind === 'sign') return token.text === text;
    return token.kind === 'name' && token.text.toUpperCase() === text;
  }

  /** Passes it by if it is the next one. */
  takes(text: string): boolean {
    const found = this.sees(text);
    if (found) this.#at += 1;
    return found;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.#tokenAt(this.#at).kind !== 'end') throw this.syntaxError();
  }

  /** A name with a bracket behind it. */
  takeFunctionName(): string | undefined {
    const token = this.#tokenAt(this.#at);
    if (token.kind !== 'name' || !this.sees('(', 1)) return undefined;
    this.#at += 2;
    return token.text;
  }

  /** One of the signs, if it is next. */
  takeSign<Sign extends string>(signs: readonly Sign[]): Sign | undefined {
    return signs.find((sign) => this.takes(sign));
  }

  /** The value that a placeholder stands for; undefined where none is next. */
  takeValue(): Value | undefined {
    const text = this.#take('value-placeholder');
    if (text === undefined) return undefined;
    const value = this.#placeholders.value(text);
    if (value !== undefined) return value;
    throw this.error(
      `An expression attribute value used in expression is not defined; attribute value: ${text}`,
    );
  }

  /** A document path; undefined where none begins. */
  takePath(): Path | undefined {
    const first = this.#takeName();
    if (first === undefined) return undefined;
    const steps: (string | number)[] = [];
    for (;;) {
      if (this.takes('.')) steps.push(this.#required(this.#takeName()));
      else if (this.takes('[')) steps.push(this.#takeIndex());
      else return [first, ...steps];
      if (steps.length >= PATH_STEPS_MAX) {
        throw this.error('The document path has too many nesting elements;');
      }
    }
  }

  /** Reads what is nested one level deeper. */
  nested<Node>(read: () => Node): Node {
    this.#depth += 1;
    if (this.#depth > NESTING_MAX) throw this.error('The expression is nested too deeply;');
    const node = read();
    this.#depth -= 1;
    return node;
  }

  /** One or more, with commas between them. */
  list<Node>(read: () => Node): Node[] {
    const nodes = [read()];
    while (this.takes(',')) nodes.push(read());
    return nodes;
  }

  #takeName(): string | undefined {
    const placeholder = this.#take('name-placeholder');
    if (placeholder !== undefined) return this.#nameOf(placeholder);
    const name = this.#take('name');
    if (name !== undefined && isReserved(name)) {
      throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
    }
    return name;
  }

  #nameOf(placeholder: string): string {
    const name = this.#placeholders.name(placeholder);
    if (name !== undefined) return name;
    throw this.error(
      `An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
    );
  }

  #takeIndex(): number {
    const index = Number(this.#required(this.#take('number')));
    if (index > LIST_INDEX_MAX)
      throw this.error(`List index is not within the allowable range; index: [${index}]`);
    this.expect(']');
    return index;
  }

  #required<Found>(found: Found | undefined): Found {
    if (found === undefined) throw this.syntaxError();
    return found;
  }

  #take(kind: TokenKind): string | undefined {
    const token = this.#tokenAt(this.#at);
    if (token.kind !== kind) return undefined;
    this.#at += 1;
    return token.text;
  }

  #tokenAt(index: number): Token {
    const token = this.#tokens[Math.min(index, this.#tokens.length - 1)];
    if (token === undefined) throw new Error('an expression without its end');
    return token;
  }
}
