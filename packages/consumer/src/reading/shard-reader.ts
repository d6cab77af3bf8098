import type { Clock, Random } from '../clock.ts';
import { isExpiredIterator } from '../errors.ts';
import type { Report } from '../event.ts';
import { isSequenceNumber } from '../leases/checkpoint.ts';
import type { Lease } from '../leases/lease.ts';
import { pause } from '../pause.ts';
import type { Settings } from '../settings.ts';
import type { InitialPosition, Shard } from '../shards/shard.ts';
import type { TimedTransport } from '../timed-services.ts';
import { Backoff } from './backoff.ts';
import { Prefetch } from './prefetch.ts';
import type { IteratorStart, RecordsAnswer } from './transport.ts';
import { type Unpacked, unpack } from './unpack.ts';

/** One answer, ready for a processor. */
export interface Fetched extends Unpacked {
  readonly millisBehindLatest: number;
  readonly bytes: number;
  /** The shard is closed and this was its end: its children, where the service told them. */
  readonly childShards: readonly Shard[] | undefined;
}

export interface ShardReaderParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: TimedTransport;
  readonly settings: Settings;
  readonly initialPosition: InitialPosition;
  readonly report: Report;
}

const bytesOf = ({ records }: RecordsAnswer): number =>
  records.reduce((sum, { data }) => sum + data.byteLength, 0);

const startOf = ({ checkpoint }: Lease, initial: InitialPosition): IteratorStart => {
  const { sequenceNumber } = checkpoint;
  if (isSequenceNumber(sequenceNumber)) return { kind: 'at', sequenceNumber };
  const isTimestamp = sequenceNumber === 'AT_TIMESTAMP' && initial instanceof Date;
  if (isTimestamp) return { kind: 'initial', position: initial };
  return { kind: 'initial', position: sequenceNumber === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON' };
};

/** Reads one shard ahead of its processor, from a lease's checkpoint to the shard's end. */
export class ShardReader {
  readonly #parts: ShardReaderParts;
  readonly #lease: Lease;
  readonly #backoff: Backoff;
  readonly #fetched: Prefetch<Fetched>;
  #start: IteratorStart;
  #iterator: string | undefined;

  constructor(parts: ShardReaderParts, lease: Lease) {
    const { random, settings, initialPosition } = parts;
    this.#parts = parts;
    this.#lease = lease;
    this.#start = startOf(lease, initialPosition);
    this.#backoff = new Backoff(random, settings.backoffMsMax);
    const { prefetchBatchesMax: itemsMax, prefetchBytesMax: bytesMax } = settings;
    this.#fetched = new Prefetch({ itemsMax, bytesMax });
  }

  /** Fetches until the shard's end or the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const wake = (): void => this.#fetched.wake();
    signal.addEventListener('abort', wake);
    while (!signal.aborted) {
      while (!this.#fetched.hasRoom && !signal.aborted) await this.#fetched.changed();
      if (signal.aborted) break;
      const pauseMs = await this.#fetch();
      if (pauseMs === undefined) break;
      await pause(clock, pauseMs, signal);
    }
    signal.removeEventListener('abort', wake);
  }

  /** What comes next; undefined when the signal of `run` has come. */
  async next(signal: AbortSignal): Promise<Fetched | undefined> {
    while (!signal.aborted) {
      const fetched = this.#fetched.take();
      if (fetched !== undefined) return fetched;
      await this.#fetched.changed();
    }
    return undefined;
  }

  /** The pause until the next time; undefined at the end of the shard. */
  async #fetch(): Promise<number | undefined> {
    const { settings, transport } = this.#parts;
    const shardId = this.#lease.leaseKey;
    try {
      this.#iterator ??= await transport.getIterator(shardId, this.#start);
      const answer = await transport.getRecords(this.#iterator, settings.readRecordsMax);
      this.#backoff.reset();
      this.#hand(answer);
      if (answer.nextIterator === undefined) return undefined;
      const hasMore = answer.records.length > 0 || answer.millisBehindLatest > 0;
      return hasMore ? settings.readPauseMs : settings.idleMs;
    } catch (error) {
      if (isExpiredIterator(error)) {
        this.#iterator = undefined;
        return 0;
      }
      this.#parts.report({ kind: 'error', during: 'read records', error, shardId });
      return this.#backoff.next();
    }
  }

  #hand(answer: RecordsAnswer): void {
    const { records, nextIterator, millisBehindLatest, childShards } = answer;
    this.#iterator = nextIterator;
    const last = records.at(-1);
    if (last !== undefined) this.#start = { kind: 'after', sequenceNumber: last.sequenceNumber };
    const isEnd = nextIterator === undefined;
    if (last === undefined && !isEnd) return;
    const bytes = bytesOf(answer);
    const unpacked = unpack(records, {
      shardId: this.#lease.leaseKey,
      range: this.#lease.range,
      outside: this.#parts.settings.outsideRange,
      after: this.#lease.checkpoint,
      report: this.#parts.report,
    });
    const item = { ...unpacked, millisBehindLatest, bytes, childShards: isEnd ? childShards : undefined };
    this.#fetched.push(item, bytes);
  }
}
