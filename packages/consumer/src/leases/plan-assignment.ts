import type { Random } from '@millrace/client-common';
import { isShardEnd } from './checkpoint.ts';
import { FleetLoad, type LoadLimits } from './fleet-load.ts';
import type { Lease } from './lease.ts';
import type { ObservedLease } from './lease-observer.ts';
import type { MeasuredWorker } from './measures.ts';
import { type BalancingRules, type Move, planBalancing } from './plan-balancing.ts';

export interface AssignmentRules extends LoadLimits, BalancingRules {
  readonly failoverMs: number;
  /** So long a worker may take to let go of a lease. */
  readonly gracefulHandoffTimeoutMs: number;
  /** A worker is asked to let go, instead of finding out that its lease is another's. */
  readonly gracefulHandoff: boolean;
}

export interface Assignment {
  readonly lease: Lease;
  readonly to: string;
  /** Its owner still works on it, and is asked to hand it over. */
  readonly isGraceful: boolean;
}

/** A lease that stood still for so many times `failoverMs` goes to another worker than the one that has it. */
const VERY_OLD_FAILOVERS = 3;

/**
 * What becomes of each lease:
 *
 *   late     a hand-over that takes too long: it is the new owner's now
 *   free     nobody works on it: whoever is least busy gets it
 *   placed   somebody works on it, or is about to
 */
interface Sorted {
  readonly late: readonly Lease[];
  readonly free: readonly ObservedLease[];
  readonly placed: ReadonlyMap<string, readonly Lease[]>;
}

const sorted = (observed: readonly ObservedLease[], rules: AssignmentRules): Sorted => {
  const { failoverMs, gracefulHandoffTimeoutMs } = rules;
  const late: Lease[] = [];
  const free: ObservedLease[] = [];
  const placed = new Map<string, Lease[]>();
  for (const seen of observed) {
    const { lease, unchangedMs, handOverMs } = seen;
    if (isShardEnd(lease.checkpoint)) continue;
    if (lease.owner === undefined || unchangedMs > failoverMs) {
      free.push(seen);
      continue;
    }
    if (handOverMs > gracefulHandoffTimeoutMs + failoverMs) late.push(lease);
    placed.set(lease.owner, [...(placed.get(lease.owner) ?? []), lease]);
  }
  return { late, free: free.toSorted((a, b) => b.unchangedMs - a.unchangedMs), placed };
};

/** Whoever waits already for a lease of its own name need not be told. */
const isNews = ({ lease, to }: Move): boolean => lease.owner !== to || lease.checkpointOwner !== undefined;

const planFree = (
  free: readonly ObservedLease[],
  load: FleetLoad,
  { failoverMs }: AssignmentRules,
): Move[] => {
  const moves: Move[] = [];
  for (const { lease, unchangedMs } of free) {
    const isStuck = unchangedMs > VERY_OLD_FAILOVERS * failoverMs;
    const other = isStuck ? load.leastBusy((workerId) => workerId !== lease.owner) : undefined;
    const to = other ?? load.leastBusy();
    if (to === undefined) break;
    load.give(to, lease);
    moves.push({ lease, to: to.workerId });
  }
  return moves;
};

/**
 * What a leader writes: to whom go the leases that nobody works on, and, if it is to balance, which ones go from busy
 * workers to others. Leases of workers that are not among `workers` stay as long as they are renewed.
 */
export const planAssignment = (
  observed: readonly ObservedLease[],
  workers: readonly MeasuredWorker[],
  rules: AssignmentRules,
  balances: boolean,
  random: Random,
): readonly Assignment[] => {
  const { late, free, placed } = sorted(observed, rules);
  const load = new FleetLoad(
    workers,
    placed,
    free.map(({ lease }) => lease),
    rules,
  );
  const given = planFree(free, load, rules);
  const fixed = new Set([...late, ...given.map(({ lease }) => lease)]);
  const isMovable = (lease: Lease): boolean => lease.checkpointOwner === undefined && !fixed.has(lease);
  const moved = balances ? planBalancing(load, rules, isMovable, random) : [];
  const told = (isGraceful: boolean) => (move: Move) => ({ ...move, isGraceful });
  return [
    ...late.flatMap((lease) => (lease.owner === undefined ? [] : [told(false)({ lease, to: lease.owner })])),
    ...given.filter(isNews).map(told(false)),
    ...moved.map(told(rules.gracefulHandoff)),
  ];
};
