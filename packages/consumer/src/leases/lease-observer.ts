import { isShardEnd } from './checkpoint.ts';
import type { Lease } from './lease.ts';

export interface ObservedLease {
  readonly lease: Lease;
  /** At least so long nobody has renewed it, by the observer's own clock. */
  readonly unchangedMs: number;
  /** At least so long a hand-over has been waited for; 0 without one. */
  readonly handOverMs: number;
}

interface Sight {
  readonly counter: number;
  /** Who works on it: a request for a hand-over changes nothing in that. */
  readonly holder: string | undefined;
  readonly seenMs: number;
  readonly handOver: { readonly to: string | undefined; readonly seenMs: number } | undefined;
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
      const sight = this.#look(lease, answeredMs);
      sights.set(lease.leaseKey, sight);
      const since = (seenMs = askedMs): number => Math.max(0, askedMs - seenMs);
      return { lease, unchangedMs: since(sight.seenMs), handOverMs: since(sight.handOver?.seenMs) };
    });
    this.#sights = sights;
    return observed;
  }

  /** What was seen before was in another life: nothing stood still meanwhile as far as is known. */
  forget(): void {
    this.#sights.clear();
  }

  #look({ leaseKey, counter, owner, checkpointOwner }: Lease, nowMs: number): Sight {
    const last = this.#sights.get(leaseKey);
    const holder = checkpointOwner ?? owner;
    const isSame = last !== undefined && last.counter === counter && last.holder === holder;
    const { handOver: lastHandOver } = last ?? {};
    const isSameHandOver = last?.holder === holder && lastHandOver?.to === owner;
    const handOver = isSameHandOver ? lastHandOver : { to: owner, seenMs: nowMs };
    return {
      counter,
      holder,
      seenMs: isSame ? last.seenMs : nowMs,
      handOver: checkpointOwner === undefined ? undefined : handOver,
    };
  }
}

/** Workers that have leases and renew none of them. */
export const standingStill = (observed: readonly ObservedLease[], failoverMs: number): Set<string> => {
  const holders = { still: new Set<string>(), moving: new Set<string>() };
  for (const { lease, unchangedMs } of observed) {
    const holder = lease.checkpointOwner ?? lease.owner;
    if (holder === undefined || isShardEnd(lease.checkpoint)) continue;
    holders[unchangedMs > failoverMs ? 'still' : 'moving'].add(holder);
  }
  return holders.still.difference(holders.moving);
};
