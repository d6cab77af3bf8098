import { type LogEngine, type LogId, logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import {
  type Durability,
  type EmbeddedLimits,
  type EngineEvent,
  openEmbeddedLog,
} from '@millrace/log-embedded';
import { Chance, type Fault, SimulatedDisk } from '@millrace/simulation';

export const ORDERS = logIdOf('orders');
export const PAYMENTS = logIdOf('payments');

/** Segments of a few batches, written at once and read from disk. */
export const SMALL_SEGMENTS: Partial<EmbeddedLimits> = {
  writeBehindBytes: 1,
  cleanTailBytesMax: 0,
  segmentBytesMax: 600,
  indexGapBytes: 100,
  portionBytesMax: 150,
};

/** Quick or slow as chance will have it, without a scheduler. */
const diskOptions = () => {
  const turns = new Chance(1);
  const pace = async (): Promise<void> => {
    for (let left = turns.below(4); left > 0; left--) await Promise.resolve();
  };
  return { chance: new Chance(2), pace };
};

interface StoreOptions {
  readonly limits?: Partial<EmbeddedLimits>;
  readonly faults?: readonly Fault[];
  readonly durability?: Durability;
}

/** One store, its disk, and what it told its operator. */
export class Store {
  readonly clock = new ManualClock();
  readonly events: EngineEvent[] = [];
  readonly #options: StoreOptions;
  disk: SimulatedDisk;

  constructor(options: StoreOptions = {}) {
    this.#options = options;
    this.disk = new SimulatedDisk({ ...diskOptions(), faults: options.faults ?? [] });
  }

  open(): Promise<LogEngine> {
    const { limits = {}, durability = 'flush' } = this.#options;
    this.events.length = 0;
    const onEvent = (event: EngineEvent): void => void this.events.push(event);
    return openEmbeddedLog({ disk: this.disk, clock: this.clock, durability, limits, onEvent });
  }

  /** The process ends here; the next one finds the disk as it is, and good from now on. */
  kill(): void {
    this.disk = this.disk.afterKill(diskOptions());
  }

  cutPower(): void {
    this.disk = this.disk.afterPowerCut(diskOptions());
  }

  eventsOf<Kind extends EngineEvent['kind']>(kind: Kind): Extract<EngineEvent, { kind: Kind }>[] {
    return this.events.filter((event): event is Extract<EngineEvent, { kind: Kind }> => event.kind === kind);
  }

  files(suffix: string): string[] {
    return this.disk.paths.filter((path) => path.endsWith(suffix));
  }
}

/** Appends one record at a time, each text with the record's position. */
export const fill = async (engine: LogEngine, log: LogId, from: number, to: number): Promise<void> => {
  await engine.create(log);
  for (let position = from; position < to; position++) await engine.append(log, [entryAt(position)]);
};

export const entryAt = (position: number): { key: string; value: Buffer } => ({
  key: `key ${position}`,
  value: Buffer.from(`value ${position} ${'x'.repeat(40)}`),
});
