import type { Random } from '@millrace/client-common';
import type { FleetLoad, WorkerLoad } from './fleet-load.ts';
import type { Lease } from './lease.ts';
import { shuffled } from './shuffled.ts';

export interface BalancingRules {
  /** How far from the average a worker may be. */
  readonly rebalanceThresholdPercent: number;
  /** How much of what is above the average is taken at a time. */
  readonly dampeningPercent: number;
  /** A lease that is larger than that is taken where nothing else is. */
  readonly allowThroughputOvershoot: boolean;
}

export interface Move {
  readonly lease: Lease;
  readonly to: string;
}

/** So much weight is to go from a worker. */
interface Excess {
  readonly worker: WorkerLoad;
  readonly weight: number;
}

/** Sums of fractions differ in their last digits. */
const ROUNDING = 1e-9;

const excessesBy = (name: string, load: FleetLoad, rules: BalancingRules): readonly Excess[] => {
  // What an idle fleet has is a number of leases, which is no chance.
  const threshold = load.isIdle ? ROUNDING : rules.rebalanceThresholdPercent / 100;
  const dampening = load.isIdle ? 1 : rules.dampeningPercent / 100;
  const average = load.averages.get(name) ?? 0;
  const workers = [...load.workers.values()].filter(({ values }) => values.has(name));
  const amountOf = ({ values }: WorkerLoad): number => values.get(name) ?? 0;
  const isOverLimit = (worker: WorkerLoad): boolean =>
    amountOf(worker) > (worker.limits.get(name) ?? Number.POSITIVE_INFINITY);
  const isHot = (worker: WorkerLoad): boolean =>
    amountOf(worker) > average * (1 + threshold) || isOverLimit(worker);
  const isCold = (worker: WorkerLoad): boolean => amountOf(worker) < average * (1 - threshold);
  const hot = workers.filter(isHot);
  if (hot.length === 0 && !workers.some(isCold)) return [];
  const busiest = workers.toSorted((a, b) => amountOf(b) - amountOf(a)).slice(0, 1);
  return (hot.length > 0 ? hot : busiest).map((worker) => {
    const above = Math.max(0, amountOf(worker) - average) / (amountOf(worker) || 1);
    return { worker, weight: worker.weight * above * dampening };
  });
};

const totalOf = (excesses: readonly Excess[]): number =>
  excesses.reduce((total, { weight }) => total + weight, 0);

/** By the measure that the workers differ in most. */
const largestExcesses = (load: FleetLoad, rules: BalancingRules): readonly Excess[] =>
  [...load.averages.keys()]
    .map((name) => excessesBy(name, load, rules))
    .reduce((most, excesses) => (totalOf(excesses) > totalOf(most) ? excesses : most), []);

const leasesOf = (
  { worker, weight }: Excess,
  load: FleetLoad,
  rules: BalancingRules,
  isMovable: (lease: Lease) => boolean,
  random: Random,
): readonly Lease[] => {
  const movable = shuffled([...worker.leases].filter(isMovable), random);
  let left = weight + ROUNDING;
  const picked = movable.filter((lease) => {
    const isSmall = load.weightOf(lease) <= left;
    if (isSmall) left -= load.weightOf(lease);
    return isSmall;
  });
  if (picked.length > 0 || !rules.allowThroughputOvershoot || weight === 0) return picked;
  return movable.toSorted((a, b) => load.weightOf(a) - load.weightOf(b)).slice(0, 1);
};

/**
 * The lease may go when the other stays below the average, or no busier with it than its worker is without it. Each
 * move brings two workers closer to each other, so that with steady loads moving comes to an end.
 */
const isBetter = (load: FleetLoad, from: WorkerLoad, to: WorkerLoad, lease: Lease): boolean => {
  const weight = load.weightOf(lease);
  if (load.isTooMuch(to, weight)) return false;
  const after = load.utilizationOf(to, weight) - ROUNDING;
  return after <= 1 ? after < load.utilizationOf(from) : after <= load.utilizationOf(from, -weight);
};

/** Which leases should go from busy workers to others. */
export const planBalancing = (
  load: FleetLoad,
  rules: BalancingRules,
  isMovable: (lease: Lease) => boolean,
  random: Random,
): readonly Move[] => {
  const moves: Move[] = [];
  const excesses = largestExcesses(load, rules).toSorted((a, b) => b.weight - a.weight);
  for (const excess of excesses) {
    for (const lease of leasesOf(excess, load, rules, isMovable, random)) {
      const { worker } = excess;
      const to = load.leastBusy((workerId) => workerId !== worker.workerId);
      if (to === undefined || !isBetter(load, worker, to, lease)) break;
      load.take(worker, lease);
      load.give(to, lease);
      moves.push({ lease, to: to.workerId });
    }
  }
  return moves;
};
