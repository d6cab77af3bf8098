import { type Clock, inParallel, pause, timed } from '@millrace/client-common';
import { isNotFound } from '../errors.ts';
import type { Transport } from '../reading/transport.ts';
import type { StreamIdentity } from './stream-id.ts';
import {
  checkedStreams,
  refName,
  refText,
  type StreamList,
  type StreamOptions,
  type StreamRef,
} from './stream-options.ts';
import type { Finding, FoundStream, StreamFailure, StreamSource } from './stream-source.ts';

/** Descriptions asked for at a time. */
const LOOKS_MAX = 4;
/** DescribeStreamSummary allows 20 a second for an account (quotas): after so many one goes slowly, ten a second. */
const QUICK_LOOKS = 16;
const SLOW_LOOK_MS = 400;

interface Known {
  readonly found: FoundStream;
  readonly lookedMs: number;
}

export interface StreamFinderParts {
  readonly clock: Clock;
  /** Each look, and the application's own list, have so long. */
  readonly timeoutMs: number;
  /** A stream that was found is not looked at again so soon. */
  readonly freshMs: number;
  readonly list: StreamList;
  readonly describe: (stream: StreamRef, signal: AbortSignal) => Promise<StreamIdentity>;
  readonly open: (stream: StreamRef) => Transport;
}

/**
 * Looks at every stream of a list that may change. One that is gone is not read any more; one that was made again in
 * its place is another stream; of any other failure it is only told.
 */
export class StreamFinder implements StreamSource {
  readonly mode = 'multi';
  readonly #parts: StreamFinderParts;
  /** By what they were asked for. */
  #known: ReadonlyMap<string, Known> = new Map();
  readonly #stop = new AbortController();

  constructor(parts: StreamFinderParts) {
    this.#parts = parts;
    if (typeof parts.list !== 'function') checkedStreams(parts.list);
  }

  async find(): Promise<Finding> {
    const listed = await this.#list();
    const known = new Map<string, Known>();
    let looks = 0;
    const failures: StreamFailure[] = [];
    await inParallel(listed, LOOKS_MAX, async (stream) => {
      const text = refText(stream);
      const fresh = this.#fresh(text);
      if (fresh !== undefined) return void known.set(text, fresh);
      if (++looks > QUICK_LOOKS) await pause(this.#parts.clock, SLOW_LOOK_MS, this.#stop.signal);
      try {
        known.set(text, await this.#look(stream));
      } catch (error) {
        failures.push({ streamName: refName(stream), error });
        const before = this.#known.get(text);
        if (before !== undefined && !isNotFound(error)) known.set(text, before);
      }
    });
    this.#known = known;
    // One may be listed by its name and by its ARN.
    const byId = new Map([...known.values()].map(({ found }) => [found.identity.streamId, found]));
    return { streams: [...byId.values()], failures };
  }

  close(): void {
    this.#stop.abort();
    for (const { found } of this.#known.values()) found.transport.close();
  }

  async #list(): Promise<readonly StreamOptions[]> {
    const { clock, timeoutMs, list } = this.#parts;
    if (typeof list !== 'function') return checkedStreams(list);
    return checkedStreams(await timed(clock, timeoutMs, async () => list()));
  }

  #fresh(text: string): Known | undefined {
    const { clock, freshMs } = this.#parts;
    const known = this.#known.get(text);
    return known !== undefined && clock.monotonic() - known.lookedMs < freshMs ? known : undefined;
  }

  async #look(stream: StreamOptions): Promise<Known> {
    const { clock, timeoutMs, describe, open } = this.#parts;
    const identity = await timed(clock, timeoutMs, (signal) => describe(stream, signal));
    const lookedMs = clock.monotonic();
    const before = this.#known.get(refText(stream))?.found;
    if (before !== undefined && before.identity.streamId === identity.streamId)
      return { found: before, lookedMs };
    const { initialPosition } = stream;
    return { found: { identity, initialPosition, transport: open(stream) }, lookedMs };
  }
}
