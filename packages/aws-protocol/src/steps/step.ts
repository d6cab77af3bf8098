import type { Exchange } from '../exchange.ts';

/**
 * One check or change of an exchange. It throws a `ServiceError` to refuse the call, or sets `response` where
 * AWS's answer has a form of its own; either ends the list.
 */
export type Step = (exchange: Exchange) => void | Promise<void>;

/** What an earlier step has filled in; its absence is our fault and no client's. */
export const filled = <Value>(value: Value | undefined, name: string): Value => {
  if (value === undefined) throw new Error(`no step has filled in the exchange's ${name}`);
  return value;
};
