import assert from 'node:assert/strict';
import type { Lease } from '@millrace/consumer';

/** Clocks may go a little faster than the world's. */
const LEAST_SHARE = 0.9;

/** Who is asked to hand a lease over has its time, unless it does not renew it. */
export class HandOverLaw {
  readonly #handOverMs: number;
  readonly #failoverMs: number;
  readonly #askedMs = new Map<string, number>();
  readonly #writtenMs = new Map<string, number>();

  constructor(handOverMs: number, failoverMs: number) {
    this.#handOverMs = handOverMs;
    this.#failoverMs = failoverMs;
  }

  asked(leaseKey: string, nowMs: number): void {
    this.#askedMs.set(leaseKey, nowMs);
  }

  check(workerId: string, before: Lease, after: Lease, nowMs: number): void {
    const { leaseKey, checkpointOwner } = before;
    const writtenMs = this.#writtenMs.get(leaseKey) ?? 0;
    this.#writtenMs.set(leaseKey, nowMs);
    if (checkpointOwner === undefined || after.checkpointOwner !== undefined) return;
    if (workerId === checkpointOwner) return;
    const isLate = nowMs - (this.#askedMs.get(leaseKey) ?? 0) > LEAST_SHARE * this.#handOverMs;
    const isStill = nowMs - writtenMs > LEAST_SHARE * this.#failoverMs;
    assert(isLate || isStill, `${workerId} takes ${leaseKey} while ${checkpointOwner} still works on it`);
  }
}
