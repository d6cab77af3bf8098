import { positionOf } from '@millrace/core';
import { type AppendOutcome, type LogAppend, type LogEngine, LogError, type LogId } from '@millrace/log';
import { openEmbeddedLog } from '@millrace/log-embedded';

type Options = Parameters<typeof openEmbeddedLog>[0];

/**
 * The floor of a benchmark: positions are given and nothing is kept. The control plane, which a benchmark does
 * not load, keeps its log.
 */
export const openForgetfulLog = async (options: Options): Promise<LogEngine> => {
  const engine = await openEmbeddedLog(options);
  const ends = new Map<LogId, number>();
  const append = ({ log, entries }: LogAppend): AppendOutcome => {
    const first = ends.get(log);
    if (first === undefined) return new LogError('no-such-log', log);
    ends.set(log, first + entries.length);
    return { first: positionOf(first), arrivalMs: options.clock.now() };
  };
  const appendAll = async (appends: readonly LogAppend[]): Promise<readonly AppendOutcome[]> =>
    appends.some(({ log }) => log.startsWith('control')) ? engine.appendAll(appends) : appends.map(append);
  return {
    appendAll,
    async append(log, entries) {
      const [outcome] = await appendAll([{ log, entries }]);
      if (outcome === undefined || outcome instanceof LogError) throw outcome;
      return outcome;
    },
    async create(log) {
      await engine.create(log);
      ends.set(log, 0);
    },
    delete: (log) => engine.delete(log),
    logs: () => engine.logs(),
    read: (...given) => engine.read(...given),
    bounds: (log) => engine.bounds(log),
    findByTime: (...given) => engine.findByTime(...given),
    trim: (...given) => engine.trim(...given),
    waitForMore: (...given) => engine.waitForMore(...given),
    close: () => engine.close(),
  };
};
