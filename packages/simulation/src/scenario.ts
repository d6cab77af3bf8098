import type { Durability, EmbeddedLimits } from '@millrace/log-embedded';
import { Chance } from './chance.ts';
import { FAULT_NAMES, type FaultName, type Window } from './faults.ts';

/** How a process ends. `close` is orderly, and may come while much is under way. */
export type End = 'close' | 'kill' | 'power cut';

export type Trouble =
  | { readonly kind: FaultName; readonly window: Window }
  | { readonly kind: 'capacity'; readonly bytesMax: number };

/** One process, from opening the store to its end. */
export interface Life {
  readonly seed: number;
  /** Starts that are cut short, each after so many steps. */
  readonly brokenStarts: readonly { readonly steps: number; readonly end: End; readonly trouble?: Trouble }[];
  readonly actors: number;
  /** Of each actor. */
  readonly acts: number;
  readonly troubles: readonly Trouble[];
  /** Times as slow as usual. */
  readonly slowness: number;
  readonly end: End;
  /** Steps after which the end comes; absent when everybody may finish. */
  readonly endAfterSteps?: number;
}

/** What a bad disk does to data at rest, after all lives. */
export type Damage = 'none' | 'a flipped bit' | 'a flipped bit at the end' | 'a cut end' | 'a lost file';

/** All that a seed decides on before anything happens. */
export interface Scenario {
  readonly seed: number;
  readonly subject: 'logs' | 'catalog';
  readonly durability: Durability;
  /** The system can write durably by itself. */
  readonly durableBlockBytes: number;
  readonly isEncrypted: boolean;
  readonly reusesNames: boolean;
  readonly limits: Partial<EmbeddedLimits>;
  readonly lives: readonly Life[];
  readonly damage: Damage;
}

const ENDS: readonly End[] = ['close', 'kill', 'kill', 'power cut', 'power cut', 'power cut'];
const DAMAGES: readonly Damage[] = [
  'a flipped bit',
  'a flipped bit',
  'a flipped bit at the end',
  'a cut end',
  'a lost file',
];

/** Small enough that in a short life journal files, segments, rounds of write-behind and evictions follow each other. */
const someLimits = (chance: Chance): Partial<EmbeddedLimits> => {
  const writeBehindBytes = chance.pick([1, 1500, 6000]);
  return {
    appendingBytesMax: chance.pick([600, 4000, 1_000_000, 1_000_000]),
    appendsWaitingMax: chance.pick([0, 1000, 1000]),
    appendsWaitingBytesMax: chance.pick([2000, 1_000_000, 1_000_000]),
    appendWaitMs: chance.pick([0, 10, 2000]),
    groupBytesMax: chance.pick([256, 2000, 100_000]),
    groupChangesMax: chance.pick([1, 4, 1024]),
    journalFileBytesMax: chance.pick([512, 1500, 8000]),
    spareJournalFilesMax: chance.pick([0, 1, 3]),
    journalBytesMax: chance.pick([2048, 6000, 30_000]),
    writeBehindBytes,
    writeBehindLogs: chance.pick([1, 3, 1000]),
    writeBehindFilesMax: chance.pick([1, 3, 1000]),
    writeBehindPortionBytes: chance.pick([200, 2000, 100_000]),
    slabBytes: chance.pick([512, 2048]),
    spareSlabsMax: chance.pick([0, 2]),
    dirtyBytesMax: writeBehindBytes + chance.pick([1500, 6000, 30_000]),
    cleanTailBytesMax: chance.pick([0, 1000, 10_000]),
    segmentBytesMax: chance.pick([400, 900, 4000]),
    indexEntriesMin: chance.pick([1, 2, 8]),
    indexGapBytes: chance.pick([1, 150, 600]),
    portionBytesMax: chance.pick([128, 300, 2000]),
    portionCacheBytesMax: chance.pick([0, 1000, 100_000]),
    openFilesMax: chance.pick([1, 3, 16]),
    parallelFilesMax: chance.pick([1, 3]),
    writeBehindRestMs: chance.pick([0, 10]),
  };
};

const someTrouble = (chance: Chance): Trouble => {
  if (chance.isOneIn(5)) return { kind: 'capacity', bytesMax: chance.between(2_000, 20_000) };
  const window = { from: chance.below(chance.pick([5, 30, 120])), count: chance.pick([1, 1, 3, 15]) };
  return { kind: chance.pick(FAULT_NAMES), window };
};

const someLife = (chance: Chance): Life => {
  const isTroubled = chance.isOneIn(2);
  const brokenStarts = Array.from({ length: Math.max(0, chance.below(5) - 2) }, () => ({
    steps: chance.below(chance.pick([8, 40, 120])),
    end: chance.pick<End>(['kill', 'power cut', 'power cut']),
    ...(chance.isOneIn(3) ? { trouble: someTrouble(chance) } : {}),
  }));
  return {
    seed: chance.below(2 ** 32),
    brokenStarts,
    actors: chance.between(1, 4),
    acts: chance.between(2, 12),
    troubles: isTroubled ? Array.from({ length: chance.between(1, 2) }, () => someTrouble(chance)) : [],
    slowness: chance.pick([1, 1, 1, 1000]),
    end: chance.pick(ENDS),
    ...(chance.below(3) > 0 ? { endAfterSteps: chance.below(chance.pick([60, 300, 900])) } : {}),
  };
};

export const scenarioOf = (seed: number): Scenario => {
  const chance = new Chance(seed);
  return {
    seed,
    subject: chance.isOneIn(6) ? 'catalog' : 'logs',
    durability: chance.isOneIn(5) ? 'os' : 'flush',
    durableBlockBytes: chance.pick([0, 0, 1, 512, 4096]),
    isEncrypted: chance.isOneIn(4),
    reusesNames: chance.isOneIn(2),
    limits: someLimits(chance),
    lives: Array.from({ length: chance.between(1, 4) }, () => someLife(chance)),
    damage: chance.isOneIn(5) ? chance.pick(DAMAGES) : 'none',
  };
};
