import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LogEngine, LogError, logIdOf } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { type Durability, type EmbeddedLimits, openEmbeddedLog } from '@millrace/log-embedded';
import fc from 'fast-check';
import { FaultDisk, type Faults } from './fault-disk.ts';
import { LogHistory } from './history.ts';

/** Everything happens often: new journal files, new segments, rounds of write-behind, evictions. */
const BUSY: Partial<EmbeddedLimits> = {
  groupChangesMax: 4,
  journalFileBytesMax: 1024,
  journalBytesMax: 4096,
  writeBehindBytes: 1500,
  dirtyBytesMax: 6000,
  cleanTailBytesMax: 1000,
  segmentBytesMax: 700,
  indexGapBytes: 100,
  portionBytesMax: 200,
  openFilesMax: 3,
  parallelFilesMax: 3,
  writeBehindRestMs: 0,
};

type Step =
  | { readonly kind: 'append'; readonly log: number; readonly count: number; readonly bytes: number }
  | { readonly kind: 'trim'; readonly log: number; readonly before: number }
  | { readonly kind: 'create' | 'settle' }
  | { readonly kind: 'delete' | 'look'; readonly log: number };

/** The life of one process, from opening the store to its violent end. */
interface Life {
  readonly steps: readonly Step[];
  readonly faults: Faults;
  readonly seed: number;
}

const log = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      log,
      count: fc.integer({ min: 1, max: 4 }),
      bytes: fc.nat(120),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trim' as const), log, before: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('create' as const) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), log }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const), log }) },
);

const never = fc.constant({});

/** Most lives end by the power alone, in the middle of something or after all; many meet a full disk before. */
const faults: fc.Arbitrary<Faults> = fc
  .tuple(
    fc.oneof(never, fc.record({ powerOffAt: fc.integer({ min: 1, max: 250 }) })),
    fc.oneof(
      never,
      fc.record({
        fullAt: fc.integer({ min: 1, max: 150 }),
        fullFor: fc.integer({ min: 1, max: 20 }),
        isFullForAll: fc.integer({ min: 0, max: 3 }).map((one) => one === 0),
      }),
    ),
    fc.oneof({ weight: 5, arbitrary: never }, fc.record({ syncFailsAt: fc.nat(200) })),
  )
  .map((parts): Faults => Object.assign({}, ...parts));

const life: fc.Arbitrary<Life> = fc.record({
  steps: fc.array(step, { maxLength: 80, size: 'max' }),
  faults,
  seed: fc.integer(),
});

class World {
  readonly #durability: Durability;
  readonly #clock = new ManualClock();
  #logs: LogHistory[] = [];
  #made = 0;

  constructor(durability: Durability) {
    this.#durability = durability;
  }

  /** Undefined when the disk did not let the store open; damage to what was acknowledged is never the reason. */
  async open(disk: FaultDisk): Promise<LogEngine | undefined> {
    try {
      return await openEmbeddedLog({ disk, clock: this.#clock, durability: this.#durability, limits: BUSY });
    } catch (error) {
      assert.ok(error instanceof LogError && error.code !== 'corrupt', String(error));
      return undefined;
    }
  }

  async live(engine: LogEngine, steps: readonly Step[]): Promise<void> {
    await Promise.all(Array.from({ length: 2 }, () => this.#create(engine)));
    let underWay: Promise<void>[] = [];
    for (const each of steps) {
      if (each.kind === 'settle') {
        await Promise.all(underWay);
        underWay = [];
      } else underWay.push(this.#take(engine, each));
    }
    await Promise.all(underWay);
  }

  /** A restart on a good disk: everything that was promised is there. */
  async settle(disk: FaultDisk): Promise<void> {
    const engine = await this.open(disk);
    assert.ok(engine !== undefined, 'the store opens on a good disk');
    const there = new Set(await engine.logs());
    const left: LogHistory[] = [];
    for (const history of this.#logs) {
      if (await history.settle(engine, there.delete(history.id))) left.push(history);
    }
    assert.deepEqual([...there], [], 'nobody made these logs');
    this.#logs = left;
  }

  #take(engine: LogEngine, given: Step): Promise<void> {
    this.#clock.advance(1);
    if (given.kind === 'create') return this.#create(engine);
    const usable = this.#logs.filter(({ isUsable }) => isUsable);
    const chosen = 'log' in given ? usable[given.log % Math.max(1, usable.length)] : undefined;
    if (chosen === undefined) return Promise.resolve();
    if (given.kind === 'append') return chosen.append(engine, this.#texts(given.count, given.bytes));
    if (given.kind === 'trim') return chosen.trim(engine, given.before);
    return given.kind === 'delete' ? chosen.delete(engine) : chosen.look(engine);
  }

  #texts(count: number, bytes: number): string[] {
    return Array.from({ length: count }, () => `${this.#made++} ${'x'.repeat(bytes)}`);
  }

  async #create(engine: LogEngine): Promise<void> {
    const history = new LogHistory(logIdOf(`log-${this.#made++}`));
    this.#logs.push(history);
    await history.create(engine);
  }
}

/** Shrinking ends in good time, too. */
const BOUNDED = { interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true };

const survives = (
  durability: Durability,
  end: 'afterKill' | 'afterPowerCut',
  numRuns: number,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 3 }), async (lives) => {
      const world = new World(durability);
      let disk = new FaultDisk(0);
      for (const { steps, faults: given, seed } of lives) {
        disk = disk[end](seed, given);
        const engine = await world.open(disk);
        if (engine !== undefined) await world.live(engine, steps);
        disk = disk[end](seed + 1);
        await world.settle(disk);
      }
    }),
    { ...BOUNDED, numRuns },
  );

test('after the power is cut, every acknowledged append is there, in order, once; others whole or not at all', () =>
  survives('flush', 'afterPowerCut', 300));

test('after the process is killed, the same holds', () => survives('flush', 'afterKill', 100));

test('after the process is killed, the same holds though nothing was synced', () =>
  survives('os', 'afterKill', 100));

test('after the power is cut where nothing was synced, the store opens and shows nothing wrong', () =>
  fc.assert(
    fc.asyncProperty(life, async ({ steps, faults: given, seed }) => {
      const world = new World('os');
      const disk = new FaultDisk(seed, given);
      const engine = await world.open(disk);
      if (engine !== undefined) await world.live(engine, steps);
      const again = await world.open(disk.afterPowerCut(seed + 1));
      assert.ok(again !== undefined);
      for (const id of await again.logs()) {
        await again.append(id, [{ key: '', value: new Uint8Array(1) }]);
      }
    }),
    { ...BOUNDED, numRuns: 100 },
  ));
