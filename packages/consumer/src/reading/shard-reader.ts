import { Backoff, type Clock, pause, type Random } from '@millrace/client-common';
import { isNotFound } from '../errors.ts';
import type { Report } from '../event.ts';
import type { Lease } from '../leases/lease.ts';
import type { ShardMetrics } from '../metrics/shard-metrics.ts';
import type { Settings } from '../settings.ts';
import type { InitialPosition, Shard } from '../shards/shard.ts';
import type { StreamIdentity } from '../shards/stream-id.ts';
import type { TimedTransport } from '../timed-services.ts';
import { Prefetch } from './prefetch.ts';
import type { Reading, RecordSource } from './record-source.ts';
import { SOURCES } from './sources.ts';
import { startingPlace } from './starting-place.ts';
import type { StreamConsumer } from './stream-consumer.ts';
import type { StoredRecord } from './transport.ts';
import { type Unpacked, unpack } from './unpack.ts';

/** One answer, ready for a processor. */
export interface Fetched extends Unpacked {
  readonly millisBehindLatest: number;
  readonly bytes: number;
  /** The shard is closed and this was its end: its children, where the service told them. */
  readonly childShards: readonly Shard[] | undefined;
}

export interface ShardReaderParts {
  readonly metrics: Pick<ShardMetrics, 'read'>;
  readonly stream: StreamIdentity;
  readonly clock: Clock;
  readonly random: Random;
  /** Of the stream that the shard belongs to, and so is the consumer. */
  readonly transport: TimedTransport;
  readonly streamConsumer: StreamConsumer;
  readonly settings: Settings;
  readonly initialPosition: InitialPosition;
  readonly report: Report;
}

const bytesOf = (records: readonly StoredRecord[]): number =>
  records.reduce((sum, { data }) => sum + data.byteLength, 0);

/** Of a shard that is gone: there is nothing more, and nobody says what followed. */
const GONE: Reading = { records: [], millisBehindLatest: 0, childShards: [], pauseMs: 0 };

/** Reads one shard ahead of its processor, from a lease's checkpoint to the shard's end. */
export class ShardReader {
  readonly #parts: ShardReaderParts;
  readonly #lease: Lease;
  readonly #source: RecordSource;
  readonly #backoff: Backoff;
  readonly #fetched: Prefetch<Fetched>;

  constructor(parts: ShardReaderParts, lease: Lease) {
    const { random, settings, initialPosition } = parts;
    const start = startingPlace(lease, initialPosition);
    this.#parts = parts;
    this.#lease = lease;
    this.#source = SOURCES[settings.retrieval]({ ...parts, shardId: lease.shardId, start });
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
      const pauseMs = await this.#fetch(signal);
      if (pauseMs === undefined) break;
      if (pauseMs > 0) await pause(clock, pauseMs, signal);
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
  async #fetch(signal: AbortSignal): Promise<number | undefined> {
    const { report } = this.#parts;
    const { shardId } = this.#lease;
    try {
      const reading = await this.#source.read(signal);
      if (reading === undefined) return 0;
      this.#backoff.reset();
      return this.#hand(reading);
    } catch (error) {
      // It is the signal that has cut it short.
      if (signal.aborted) return undefined;
      report({ kind: 'error', during: 'read records', error, shardId });
      return isNotFound(error) && (await this.#isGone()) ? this.#hand(GONE) : this.#backoff.next();
    }
  }

  /** Trimmed while this worker lay far behind. It may as well be the stream that is not found, or its consumer. */
  async #isGone(): Promise<boolean> {
    const { transport, report } = this.#parts;
    const { shardId } = this.#lease;
    try {
      const shards = await transport.listShards();
      return shards.length > 0 && !shards.some((shard) => shard.shardId === shardId);
    } catch (error) {
      report({ kind: 'error', during: 'read records', error, shardId });
      return false;
    }
  }

  #hand({ records, millisBehindLatest, childShards, pauseMs }: Reading): number | undefined {
    const isEnd = childShards !== undefined;
    const isHanded = records.length > 0 || isEnd;
    this.#parts.metrics.read(isHanded, millisBehindLatest);
    if (isHanded) {
      const bytes = bytesOf(records);
      const unpacked = unpack(records, {
        streamName: this.#parts.stream.streamName,
        shardId: this.#lease.shardId,
        range: this.#lease.range,
        outside: this.#parts.settings.outsideRange,
        after: this.#lease.checkpoint,
        report: this.#parts.report,
      });
      this.#fetched.push({ ...unpacked, millisBehindLatest, bytes, childShards }, bytes);
    }
    return isEnd ? undefined : pauseMs;
  }
}
