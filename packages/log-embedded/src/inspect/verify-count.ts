import { FRAME_FLAGS, type Frame, flagsOf } from '../frame.ts';
import type { Finding, LostPositions, VerifySummary } from './finding.ts';

type Found = Omit<Finding, 'severity'>;

/** What a check has seen so far. */
export class VerifyCount {
  readonly #onFinding: (finding: Finding) => void;
  readonly #onProgress: ((bytes: number) => void) | undefined;
  #batches = 0;
  #encryptedBatches = 0;
  #records = 0;
  #bytes = 0;
  #journalFiles = 0;
  #segments = 0;
  #damages = 0;
  #notes = 0;
  #lostRecords = 0;

  constructor(onFinding: (finding: Finding) => void, onProgress: ((bytes: number) => void) | undefined) {
    this.#onFinding = onFinding;
    this.#onProgress = onProgress;
  }

  read(bytes: number): void {
    this.#bytes += bytes;
    this.#onProgress?.(this.#bytes);
  }

  batch({ bytes, count }: Frame): void {
    this.#batches += 1;
    this.#records += count;
    if ((flagsOf(bytes) & FRAME_FLAGS.encrypted) !== 0) this.#encryptedBatches += 1;
  }

  journalFile(): void {
    this.#journalFiles += 1;
  }

  segment(): void {
    this.#segments += 1;
  }

  damage(found: Found): void {
    this.#damages += 1;
    this.#lostRecords += known(found.lost);
    this.#onFinding({ severity: 'damage', ...found });
  }

  note(found: Found): void {
    this.#notes += 1;
    this.#onFinding({ severity: 'note', ...found });
  }

  summary(logs: number): VerifySummary {
    return {
      logs,
      journalFiles: this.#journalFiles,
      segments: this.#segments,
      batches: this.#batches,
      encryptedBatches: this.#encryptedBatches,
      records: this.#records,
      bytes: this.#bytes,
      damages: this.#damages,
      notes: this.#notes,
      lostRecords: this.#lostRecords,
    };
  }
}

const known = (lost: LostPositions | undefined): number => (lost?.to ?? lost?.from ?? 0) - (lost?.from ?? 0);
