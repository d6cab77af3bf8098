import type { Clock } from '@millrace/client-common';
import { DueTimer } from './due-timer.ts';
import type { OutgoingRecord } from './outgoing-record.ts';
import type { Settings } from './settings.ts';

/** A request goes when it holds so much for one shard: more would come to the shard in one lump. */
const SHARD_BYTES_MAX = 256 * 1024;

/** What a record waits for company, on top of its aggregate's deadline: a fifth of it, and no more than this. */
const EXTRA_MS_MAX = 50;
const EXTRA_SHARE = 0.2;

export interface CollectorParts {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly next: (request: readonly OutgoingRecord[]) => void;
  /** A request would be sent now, not put in a line. */
  readonly canSend: () => boolean;
}

/** Gathers records of all shards for one PutRecords. */
export class Collector {
  readonly #parts: CollectorParts;
  readonly #timer: DueTimer;
  readonly #extraMs: number;
  #records: OutgoingRecord[] = [];
  #bytes = 0;
  #shardBytes = new Map<string | undefined, number>();
  #isDue = false;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.#extraMs = Math.min(EXTRA_MS_MAX, parts.settings.recordBufferedMsMax * EXTRA_SHARE);
    this.#timer = new DueTimer(parts.clock, () => {
      this.#isDue = true;
      this.connectionFree();
    });
  }

  put(outgoing: OutgoingRecord): void {
    if (outgoing.isAlone) this.#parts.next([outgoing]);
    else this.#gather(outgoing);
  }

  /** What is due and was kept back, since all connections were busy, goes now. */
  connectionFree(): void {
    if (this.#isDue && this.#parts.canSend()) this.flush();
  }

  flush(): void {
    this.#timer.cancel();
    this.#isDue = false;
    if (this.#records.length === 0) return;
    const records = this.#records;
    this.#records = [];
    this.#bytes = 0;
    this.#shardBytes = new Map();
    this.#parts.next(records);
  }

  #gather(outgoing: OutgoingRecord): void {
    const { collectionBytesMax } = this.#parts.settings;
    // Again, since records that a request leaves behind, expired ones beside them, may come back at once.
    while (this.#records.length > 0 && this.#bytes + outgoing.bytes > collectionBytesMax) this.flush();
    const shardBytes = (this.#shardBytes.get(outgoing.shardId) ?? 0) + outgoing.bytes;
    this.#shardBytes.set(outgoing.shardId, shardBytes);
    this.#records.push(outgoing);
    this.#bytes += outgoing.bytes;
    if (this.#isFull(outgoing, shardBytes)) this.flush();
    else this.#timer.at(outgoing.deadlineMs + this.#extraMs);
  }

  #isFull({ shardId }: OutgoingRecord, shardBytes: number): boolean {
    const { collectionCountMax, collectionBytesMax } = this.#parts.settings;
    const isLump = shardId !== undefined && shardBytes >= SHARD_BYTES_MAX;
    return isLump || this.#records.length >= collectionCountMax || this.#bytes >= collectionBytesMax;
  }
}
