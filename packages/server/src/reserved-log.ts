import { CONTROL_LOG } from '@millrace/catalog';
import { type AppendOutcome, type LogEngine, LogError } from '@millrace/log';
import type { Reserve } from './reserve.ts';

const isFull = (error: unknown): boolean => error instanceof LogError && error.code === 'full';
const noSpace = (): LogError => new LogError('full', 'no space is left but what is reserved');

/**
 * The engine on a disk that may be full. From the first append on that finds it so, records are refused until there
 * is space again; what frees space, and the commands that lead to it, have what was reserved.
 */
export const reservedLog = (engine: LogEngine, reserve: Reserve): LogEngine => {
  const vital = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (!isFull(error)) throw error;
      await reserve.release();
      return work();
    }
  };
  return {
    async append(log, entries, options) {
      const append = () => engine.append(log, entries, options);
      if (log === CONTROL_LOG) return vital(append);
      if (!reserve.isHeld) throw noSpace();
      try {
        return await append();
      } catch (error) {
        if (isFull(error)) await reserve.release();
        throw error;
      }
    },
    async appendAll(appends, options) {
      if (!reserve.isHeld) return appends.map((): AppendOutcome => noSpace());
      const outcomes = await engine.appendAll(appends, options);
      if (outcomes.some(isFull)) await reserve.release();
      return outcomes;
    },
    create: (log) => vital(() => engine.create(log)),
    delete: (log) => vital(() => engine.delete(log)),
    trim: (log, before) => vital(() => engine.trim(log, before)),
    logs: () => engine.logs(),
    read: (...given) => engine.read(...given),
    bounds: (log) => engine.bounds(log),
    findByTime: (...given) => engine.findByTime(...given),
    waitForMore: (...given) => engine.waitForMore(...given),
    close: () => engine.close(),
  };
};
