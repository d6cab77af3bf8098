import { lowerBound } from '../lower-bound.ts';
import { type StreamSnapshot, streamFromSnapshot, streamToSnapshot } from './snapshot.ts';
import type { Stream, StreamId } from './stream.ts';

export interface ListOptions {
  /** The first name is the next one after this, whether or not this one exists. */
  readonly after?: string | undefined;
  readonly count?: number;
}

export interface StreamsView {
  get(id: StreamId): Stream | undefined;
  find(account: string, region: string, name: string): Stream | undefined;
  /** By name, in code unit order. */
  list(account: string, region: string, options?: ListOptions): Stream[];
  /** Of all accounts and regions, the oldest first. */
  all(): IterableIterator<Stream>;
}

/** The streams of one account in one region. */
class Scope {
  readonly names: string[] = [];
  readonly byName = new Map<string, Stream>();

  put(stream: Stream): void {
    if (!this.byName.has(stream.name)) this.names.splice(lowerBound(this.names, stream.name), 0, stream.name);
    this.byName.set(stream.name, stream);
  }

  remove(name: string): void {
    if (this.byName.delete(name)) this.names.splice(lowerBound(this.names, name), 1);
  }

  list({ after, count = this.names.length }: ListOptions): Stream[] {
    let first = 0;
    if (after !== undefined) {
      first = lowerBound(this.names, after);
      if (this.names[first] === after) first += 1;
    }
    return this.names
      .slice(first, first + count)
      .map((name) => this.byName.get(name))
      .filter((stream) => stream !== undefined);
  }
}

export class StreamsState implements StreamsView {
  readonly #byId = new Map<StreamId, Stream>();
  readonly #scopes = new Map<string, Scope>();

  get(id: StreamId): Stream | undefined {
    return this.#byId.get(id);
  }

  find(account: string, region: string, name: string): Stream | undefined {
    return this.#scopes.get(`${account}/${region}`)?.byName.get(name);
  }

  list(account: string, region: string, options: ListOptions = {}): Stream[] {
    return this.#scopes.get(`${account}/${region}`)?.list(options) ?? [];
  }

  all(): IterableIterator<Stream> {
    return this.#byId.values();
  }

  /** Adds the stream, or puts it in the place of the one with its id. */
  put(stream: Stream): void {
    const key = `${stream.account}/${stream.region}`;
    const scope = this.#scopes.get(key) ?? new Scope();
    this.#scopes.set(key, scope);
    scope.put(stream);
    this.#byId.set(stream.id, stream);
  }

  remove(stream: Stream): void {
    this.#scopes.get(`${stream.account}/${stream.region}`)?.remove(stream.name);
    this.#byId.delete(stream.id);
  }

  toSnapshot(): StreamSnapshot[] {
    return [...this.#byId.values()].map(streamToSnapshot);
  }

  static fromSnapshot(snapshots: readonly StreamSnapshot[]): StreamsState {
    const state = new StreamsState();
    for (const snapshot of snapshots) state.put(streamFromSnapshot(snapshot));
    return state;
  }
}
