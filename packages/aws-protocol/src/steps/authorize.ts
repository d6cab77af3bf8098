import type { Exchange } from '../exchange.ts';
import type { Step } from './step.ts';

/** Throws a `ServiceError` for a call that is not to be handled. */
export type Guard = (exchange: Exchange) => void | Promise<void>;

/** Whether the caller may do this; everyone may do everything unless the server was given a guard. */
export const authorize =
  (guard: Guard | undefined): Step =>
  (exchange) =>
    guard?.(exchange);
