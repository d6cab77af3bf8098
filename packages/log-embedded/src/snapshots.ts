import type { Disk } from '@millrace/core';
import type { HeldSnapshot, SnapshotFile } from './inspect/snapshot.ts';
import { segmentFilesOf } from './inspect/snapshot-of-disk.ts';
import type { Journal } from './journal.ts';
import type { Lane } from './lane.ts';
import type { LogTable } from './log-table.ts';
import { decodeManifest, type Manifest, readManifestBytes } from './manifest.ts';
import { journalPath, MANIFEST } from './paths.ts';
import type { Pins } from './pins.ts';
import type { WriteBehind } from './write-behind.ts';

interface SnapshotsDeps {
  readonly disk: Disk;
  readonly table: LogTable;
  readonly journal: Journal;
  readonly writeBehind: WriteBehind;
  readonly lane: Lane;
  readonly pins: Pins;
}

/** Makes snapshots of the store while it goes on. */
export class Snapshots {
  readonly #deps: SnapshotsDeps;

  constructor(deps: SnapshotsDeps) {
    this.#deps = deps;
  }

  /** Holds everything that was acknowledged before the call. */
  async take(): Promise<HeldSnapshot> {
    const { writeBehind, lane } = this.#deps;
    // So that the journal's part of it is small. Without it the snapshot is as good.
    await writeBehind.round();
    return lane.run(() => this.#take());
  }

  /** In the lane, where nobody replaces the manifest or removes files. */
  async #take(): Promise<HeldSnapshot> {
    const { disk, pins } = this.#deps;
    const bytes = await readManifestBytes(disk);
    if (bytes === undefined) throw new Error(`a store that is open has a ${MANIFEST}`);
    const manifest = decodeManifest(bytes);
    const pin = pins.add(manifest.journal);
    return {
      manifest: bytes,
      // The two belong to one moment: what the journal tells of trims, the choice of segments knows.
      journal: this.#journalFiles(manifest),
      segments: this.#segmentFiles(manifest),
      givenUp: pin.givenUp.signal,
      releaseJournal: () => {
        pin.journalFrom = undefined;
      },
      release: () => pins.release(pin),
    };
  }

  #journalFiles({ journal: first }: Manifest): SnapshotFile[] {
    const { currentNumber, currentBytes } = this.#deps.journal;
    return Array.from({ length: currentNumber - first + 1 }, (_, index) => ({
      path: journalPath(first + index),
      bytes: first + index === currentNumber ? currentBytes : undefined,
    }));
  }

  /** Those that are still wanted: others may have been removed before. */
  #segmentFiles({ logs }: Manifest): SnapshotFile[] {
    const { table } = this.#deps;
    return logs.flatMap((entry) => {
      const log = table.byNumber(entry.number);
      if (log === undefined) return [];
      return segmentFilesOf({ logs: [entry] }).filter(
        (_, index) => (entry.segments[index + 1] ?? entry.end) > log.start,
      );
    });
  }
}
