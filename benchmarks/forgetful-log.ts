import { positionOf } from '@millrace/core';
import { type Appended, type LogEngine, type LogEntry, LogError, type LogId } from '@millrace/log';
import { openEmbeddedLog } from '@millrace/log-embedded';

type Options = Parameters<typeof openEmbeddedLog>[0];

/**
 * The floor of a benchmark: positions are given and nothing is kept. The control plane, which a benchmark does
 * not load, keeps its log.
 */
export const openForgetfulLog = async (options: Options): Promise<LogEngine> => {
  const engine = await openEmbeddedLog(options);
  const ends = new Map<LogId, number>();
  const append = async (log: LogId, entries: readonly LogEntry[]): Promise<Appended> => {
    if (log.startsWith('control')) return engine.append(log, entries);
    const first = ends.get(log);
    if (first === undefined) throw new LogError('no-such-log', log);
    ends.set(log, first + entries.length);
    return { first: positionOf(first), arrivalMs: options.clock.now() };
  };
  return {
    append,
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
