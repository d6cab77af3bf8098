import type { Guard } from './authorize.ts';
import type { Step } from './step.ts';

/** Whether the caller has not asked too often; without a guard nobody has. */
export const limit =
  (guard: Guard | undefined): Step =>
  (exchange) =>
    guard?.(exchange);
