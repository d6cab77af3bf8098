import { SAMPLE_FAILED, type WorkerRow } from './worker-row.ts';

/** How much of something a worker uses, and how much would be too much. */
export interface Measure {
  readonly value: number;
  readonly limit: number;
}

/** A worker whose own measures, if it has any, can be relied on. */
export interface MeasuredWorker {
  readonly workerId: string;
  readonly measures: ReadonlyMap<string, Measure>;
}

/** The throughput of a worker's leases in percent of its share: what counts where nothing else is measured. */
export const THROUGHPUT = 'T';

/** Below it, the fleet has so little to do that differences are chance. */
const NOTABLE_PERCENT = 10;

/** A moving average from the oldest sample to the newest, which has the weight `alpha`. */
const movingAverage = (samples: readonly number[], alpha: number): number =>
  samples.reduce(
    (average, sample, index) => (index === 0 ? sample : alpha * sample + (1 - alpha) * average),
    0,
  );

const measuresOf = ({ samples, limits }: WorkerRow, alpha: number): Map<string, Measure> =>
  new Map(
    Object.entries(samples)
      .filter(([name]) => name !== THROUGHPUT)
      .map(([name, values]) => {
        const good = values.filter((value) => value !== SAMPLE_FAILED);
        return [name, { value: movingAverage(good, alpha), limit: limits[name] ?? Number.POSITIVE_INFINITY }];
      }),
  );

const isFailing = ({ samples }: WorkerRow): boolean =>
  Object.values(samples).some((values) => values.at(-1) === SAMPLE_FAILED);

const isNotable = (measures: readonly Measure[]): boolean => {
  const sum = measures.reduce((total, { value }) => total + value, 0);
  return sum >= NOTABLE_PERCENT * measures.length || measures.some(({ value, limit }) => value > limit);
};

/** Workers that can be given leases: one that fails to measure itself stays as it is. */
export const measuredWorkers = (rows: readonly WorkerRow[], alpha: number): readonly MeasuredWorker[] => {
  const all = rows
    .filter((row) => !isFailing(row))
    .map((row) => ({ workerId: row.workerId, measures: measuresOf(row, alpha) }));
  const names = new Set(all.flatMap(({ measures }) => [...measures.keys()]));
  for (const name of names) {
    const having = all.filter(({ measures }) => measures.has(name));
    if (isNotable(having.flatMap(({ measures }) => measures.get(name) ?? []))) continue;
    for (const { measures } of having) measures.delete(name);
  }
  return all;
};
