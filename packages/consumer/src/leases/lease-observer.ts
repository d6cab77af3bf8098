import type { Lease } from './lease.ts';

export interface ObservedLease {
  readonly lease: Lease;
  /** At least so long nobody has renewed it, by the observer's own clock. */
  readonly unchangedMs: number;
}

interface Sight {
  readonly counter: number;
  readonly owner: string | undefined;
  readonly seenMs: number;
}

/**
 * Tells how long each lease has stood still. Workers' clocks are never compared: what counts is how long this one
 * has seen the same counter.
 */
export class LeaseObserver {
  #sights = new Map<string, Sight>();

  /** `askedMs` and `answeredMs` are when the list was asked for and when it came. */
  see(leases: readonly Lease[], askedMs: number, answeredMs: number): readonly ObservedLease[] {
    const sights = new Map<string, Sight>();
    const observed = leases.map((lease) => {
      const { leaseKey, counter, owner } = lease;
      const last = this.#sights.get(leaseKey);
      const isSame = last !== undefined && last.counter === counter && last.owner === owner;
      const sight = isSame ? last : { counter, owner, seenMs: answeredMs };
      sights.set(leaseKey, sight);
      return { lease, unchangedMs: Math.max(0, askedMs - sight.seenMs) };
    });
    this.#sights = sights;
    return observed;
  }
}
