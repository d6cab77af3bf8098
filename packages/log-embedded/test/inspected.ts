import assert from 'node:assert/strict';
import { type Disk, DiskError } from '@millrace/core';
import {
  type DumpItem,
  type DumpOptions,
  dump,
  type Finding,
  snapshotOfDisk,
  type VerifySummary,
  verify,
} from '@millrace/log-embedded';

const refuse = async (): Promise<never> => {
  throw new DiskError('broken', 'somebody who only looks has changed something');
};

/** The disk as those see it who may only look. */
export const lookingAt = (disk: Disk): Disk => ({
  list: (path) => disk.list(path),
  async open(path) {
    const file = await disk.open(path);
    return {
      size: () => file.size(),
      read: (target, offset) => file.read(target, offset),
      close: () => file.close(),
      write: refuse,
      truncate: refuse,
      sync: refuse,
    };
  },
  makeDirectory: refuse,
  remove: refuse,
  rename: refuse,
  syncDirectory: refuse,
});

export interface Verified {
  readonly summary: VerifySummary;
  readonly damages: readonly Finding[];
  readonly notes: readonly Finding[];
}

/** Verifies a store that nobody has open. */
export const verified = async (disk: Disk): Promise<Verified> => {
  const looking = lookingAt(disk);
  const snapshot = (await snapshotOfDisk(looking)) ?? assert.fail('there is no store');
  const findings: Finding[] = [];
  const summary = await verify({
    disk: looking,
    snapshot,
    isAtRest: true,
    onFinding: (finding) => findings.push(finding),
  });
  const of = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity);
  assert.deepEqual([summary.damages, summary.notes], [of('damage').length, of('note').length]);
  return { summary, damages: of('damage'), notes: of('note') };
};

/** All positions that the findings call lost. */
export const lostIn = (findings: readonly Finding[]): number[] =>
  findings.flatMap(({ lost }) =>
    lost === undefined
      ? []
      : Array.from({ length: (lost.to ?? lost.from) - lost.from }, (_, at) => lost.from + at),
  );

/** What a dump of a store shows that nobody has open; entries are read while they are good. */
export const dumped = async (
  disk: Disk,
  options: Omit<DumpOptions, 'disk' | 'snapshot'> = {},
): Promise<{ item: DumpItem; keys: string[] }[]> => {
  const looking = lookingAt(disk);
  const snapshot = (await snapshotOfDisk(looking)) ?? assert.fail('there is no store');
  const items: { item: DumpItem; keys: string[] }[] = [];
  for await (const item of dump({ disk: looking, snapshot, ...options })) {
    const keys = item.kind === 'damage' ? [] : [...item.entries()].map(({ key }) => key.toString());
    items.push({ item, keys });
  }
  return items;
};
