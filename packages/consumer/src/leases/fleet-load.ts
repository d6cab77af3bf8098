import type { Lease } from './lease.ts';
import { type MeasuredWorker, THROUGHPUT } from './measures.ts';

/** What a lease weighs besides its throughput: an idle fleet is balanced by count. */
const BASE_KBPS = 1;
/** A fleet that reads less than this share of that is idle. */
const IDLE_SHARE = 0.1;

export interface LoadLimits {
  readonly leasesMax: number;
  readonly throughputKBpsMax: number;
}

export interface WorkerLoad {
  readonly workerId: string;
  readonly leases: Set<Lease>;
  readonly values: Map<string, number>;
  readonly limits: ReadonlyMap<string, number>;
  weight: number;
  throughputKBps: number;
}

interface Spare {
  readonly worker: WorkerLoad;
  readonly utilization: number;
}

/** Of two that are equally busy, the one with fewer leases. */
const compareSpares = (a: Spare, b: Spare): number =>
  a.utilization - b.utilization ||
  a.worker.leases.size - b.worker.leases.size ||
  (a.worker.workerId < b.worker.workerId ? -1 : 1);

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

/**
 * How busy each worker is, and would be with more or fewer leases. A lease adds to every measure of its worker what
 * its weight is to a worker's share, times the fleet's average of that measure.
 */
export class FleetLoad {
  readonly workers: ReadonlyMap<string, WorkerLoad>;
  /** Fleet averages by measure, as if no lease were free. */
  readonly averages: ReadonlyMap<string, number>;
  readonly isIdle: boolean;
  readonly #limits: LoadLimits;
  readonly #usualKBps: number;
  /** The weight that each worker would have if all had the same. */
  readonly #share: number;

  /** `placed` are the leases by worker, `free` those that somebody is to get. */
  constructor(
    workers: readonly MeasuredWorker[],
    placed: ReadonlyMap<string, readonly Lease[]>,
    free: readonly Lease[],
    limits: LoadLimits,
  ) {
    this.#limits = limits;
    const leases = [...workers.flatMap(({ workerId }) => placed.get(workerId) ?? []), ...free];
    const known = leases.flatMap(({ throughputKBps }) => throughputKBps ?? []);
    this.#usualKBps = known.length === 0 ? 0 : sum(known) / known.length;
    const total = sum(leases.map((lease) => this.weightOf(lease)));
    this.#share = total / Math.max(1, workers.length);
    this.isIdle = total - leases.length * BASE_KBPS < IDLE_SHARE * leases.length * BASE_KBPS;
    const loads = workers.map((worker) => this.#loadOf(worker, placed.get(worker.workerId) ?? []));
    this.workers = new Map(loads.map((load) => [load.workerId, load]));
    this.averages = this.#averagesOf(loads, total);
  }

  weightOf(lease: Lease): number {
    return BASE_KBPS + this.#throughputOf(lease);
  }

  give(worker: WorkerLoad, lease: Lease): void {
    worker.leases.add(lease);
    this.#change(worker, lease, 1);
  }

  take(worker: WorkerLoad, lease: Lease): void {
    worker.leases.delete(lease);
    this.#change(worker, lease, -1);
  }

  /** 1 for a worker that is as busy as the average, by whichever measure it is busiest, with so much more weight. */
  utilizationOf({ values }: WorkerLoad, extraWeight = 0): number {
    const extra = extraWeight / this.#share || 0;
    const parts = [...values].map(([name, value]) => value / (this.averages.get(name) ?? 1) || 0);
    return Math.max(...parts) + extra;
  }

  /** It would be above what it says is too much. */
  isTooMuch({ values, limits }: WorkerLoad, extraWeight: number): boolean {
    const extra = extraWeight / this.#share || 0;
    return [...values].some(([name, value]) => {
      const more = extra * (this.averages.get(name) ?? 0);
      return value + more > (limits.get(name) ?? Number.POSITIVE_INFINITY);
    });
  }

  /** The one with the most to spare, if any may get one more. */
  leastBusy(isAllowed: (workerId: string) => boolean = () => true): WorkerLoad | undefined {
    const isOpen = (worker: WorkerLoad): boolean => this.#hasRoom(worker) && isAllowed(worker.workerId);
    let least: Spare | undefined;
    for (const worker of this.workers.values()) {
      if (!isOpen(worker)) continue;
      const spare = { worker, utilization: this.utilizationOf(worker) };
      if (least === undefined || compareSpares(spare, least) < 0) least = spare;
    }
    return least?.worker;
  }

  #hasRoom({ leases, throughputKBps }: WorkerLoad): boolean {
    const { leasesMax, throughputKBpsMax } = this.#limits;
    return leases.size < leasesMax && throughputKBps <= throughputKBpsMax;
  }

  #throughputOf({ throughputKBps = this.#usualKBps }: Lease): number {
    return throughputKBps;
  }

  #loadOf({ workerId, measures }: MeasuredWorker, leases: readonly Lease[]): WorkerLoad {
    const weight = sum(leases.map((lease) => this.weightOf(lease)));
    const values = new Map([...measures].map(([name, { value }]) => [name, value]));
    if (values.size === 0) values.set(THROUGHPUT, (100 * weight) / this.#share || 0);
    const limits = new Map([...measures].map(([name, { limit }]) => [name, limit]));
    const throughputKBps = sum(leases.map((lease) => this.#throughputOf(lease)));
    return { workerId, leases: new Set(leases), values, limits, weight, throughputKBps };
  }

  #averagesOf(loads: readonly WorkerLoad[], total: number): Map<string, number> {
    const names = new Set(loads.flatMap(({ values }) => [...values.keys()]));
    const assigned = sum(loads.map(({ weight }) => weight));
    const averageOf = (name: string): number => {
      if (assigned === 0) return 100;
      const values = loads.flatMap((load) => load.values.get(name) ?? []);
      return (sum(values) / values.length) * (total / assigned);
    };
    return new Map([...names].map((name) => [name, averageOf(name)]));
  }

  #change(worker: WorkerLoad, lease: Lease, sign: 1 | -1): void {
    const weight = sign * this.weightOf(lease);
    worker.weight += weight;
    worker.throughputKBps += sign * this.#throughputOf(lease);
    for (const [name, value] of worker.values) {
      worker.values.set(name, value + (weight / this.#share || 0) * (this.averages.get(name) ?? 0));
    }
  }
}
