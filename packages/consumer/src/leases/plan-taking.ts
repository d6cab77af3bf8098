import type { Random } from '@millrace/client-common';
import { isShardEnd } from './checkpoint.ts';
import type { Lease } from './lease.ts';
import type { ObservedLease } from './lease-observer.ts';
import { shuffled } from './shuffled.ts';

export interface TakerView {
  readonly workerId: string;
  readonly failoverMs: number;
  readonly leasesMax: number;
  readonly stealsMax: number;
  /** This worker has it. */
  readonly isHeld: (leaseKey: string) => boolean;
  /** This worker still ends its work on it. */
  readonly isBusy: (leaseKey: string) => boolean;
}

/** Leases that have stood still for so many times `failoverMs` are taken by whoever sees it, share or no share. */
const VERY_OLD_FAILOVERS = 3;

const countByOwner = (observed: readonly ObservedLease[], workerId: string): Map<string, Lease[]> => {
  const owned = new Map<string, Lease[]>([[workerId, []]]);
  for (const { lease } of observed) {
    if (lease.owner === undefined) continue;
    const list = owned.get(lease.owner) ?? [];
    list.push(lease);
    owned.set(lease.owner, list);
  }
  return owned;
};

/** From the worker with most leases, which stays at its share or just below. */
const planStealing = (
  others: readonly (readonly Lease[])[],
  { target, need, stealsMax }: { readonly target: number; readonly need: number; readonly stealsMax: number },
  random: Random,
): Lease[] => {
  const most = others.reduce((a, b) => (b.length > a.length ? b : a), []);
  const over = most.length - target;
  const count = over > 0 ? Math.min(need, over) : over === 0 && need > 1 ? 1 : 0;
  const free = most.filter(({ checkpointOwner }) => checkpointOwner === undefined);
  return shuffled(free, random).slice(0, Math.min(count, stealsMax));
};

/**
 * Which leases this worker should take now. Each worker takes its share, leases / workers rounded up: first those
 * that are its own by name (of an earlier life, or handed to it), then what is free, then one from the worker that
 * has most.
 */
export const planTaking = (
  observed: readonly ObservedLease[],
  { workerId, failoverMs, leasesMax, stealsMax, isHeld, isBusy }: TakerView,
  random: Random,
): readonly Lease[] => {
  const active = observed.filter(({ lease }) => !isShardEnd(lease.checkpoint));
  const takeable = active.filter(({ lease }) => !isHeld(lease.leaseKey) && !isBusy(lease.leaseKey));
  const regained = takeable.filter(
    ({ lease }) => lease.owner === workerId && lease.checkpointOwner === undefined,
  );
  const isFree = ({ lease, unchangedMs }: ObservedLease): boolean =>
    lease.owner === undefined || unchangedMs > failoverMs;
  const free = takeable.filter((seen) => isFree(seen) && !regained.includes(seen));
  const isAlive = (seen: ObservedLease): boolean => isHeld(seen.lease.leaseKey) || !isFree(seen);
  const owned = countByOwner(active.filter(isAlive), workerId);
  const mine = new Set([
    ...(owned.get(workerId) ?? []).map(({ leaseKey }) => leaseKey),
    ...active.filter(({ lease }) => isHeld(lease.leaseKey)).map(({ lease }) => lease.leaseKey),
    ...regained.map(({ lease }) => lease.leaseKey),
  ]).size;
  owned.delete(workerId);

  const target = Math.min(Math.ceil(active.length / (owned.size + 1)), leasesMax);
  const toLeases = (seen: readonly ObservedLease[]): Lease[] => seen.map(({ lease }) => lease);
  const own = toLeases(regained).slice(0, Math.max(0, leasesMax - mine + regained.length));
  const veryOld = free.filter(({ unchangedMs }) => unchangedMs > VERY_OLD_FAILOVERS * failoverMs);
  if (veryOld.length > 0) {
    return [...own, ...shuffled(toLeases(veryOld), random).slice(0, Math.max(0, leasesMax - mine))];
  }
  const need = target - mine;
  if (need <= 0) return own;
  if (free.length > 0) return [...own, ...shuffled(toLeases(free), random).slice(0, need)];
  return [...own, ...planStealing([...owned.values()], { target, need, stealsMax }, random)];
};
