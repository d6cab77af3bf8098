import { type Clock, type Position, positionOf, type Random } from '@millrace/core';
import type { LogEngine, LogRecord } from '@millrace/log';
import { CatalogError } from './catalog-error.ts';
import type { Applied, Command, Result } from './command.ts';
import { CONTROL_LOG, decodeSubmission, encodeSubmission } from './control-log.ts';
import { reduce } from './reduce.ts';
import { decodeState, encodeState } from './snapshot.ts';
import { readNewestSnapshot, SNAPSHOT_LOG, writeSnapshot } from './snapshot-log.ts';
import { type CatalogState, type CatalogView, emptyState } from './state.ts';
import { Waiters } from './waiters.ts';

/** Commands between two snapshots, and their bytes: what a start replays at the most, about. */
const SNAPSHOT_COMMANDS = 1_000;
const SNAPSHOT_COMMAND_BYTES = 8 * 1024 * 1024;
const READ_LIMITS = { records: 1_000, bytes: 4 * 1024 * 1024 };
const WAITING = { countMax: 10_000, waitMsMax: 30_000 };

export type CatalogEvent =
  | {
      readonly type: 'catalog-opened';
      readonly snapshotPosition: Position;
      readonly commandsReplayed: number;
    }
  | { readonly type: 'snapshot-written'; readonly position: Position; readonly bytes: number }
  | { readonly type: 'snapshot-failed'; readonly error: unknown }
  | { readonly type: 'catalog-failed'; readonly error: unknown };

export interface CatalogOptions {
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly random: Random;
  readonly onEvent?: (event: CatalogEvent) => void;
  readonly snapshotCommands?: number;
}

export interface Catalog {
  /** Always the same object; what it shows changes as commands are applied. */
  readonly state: CatalogView;
  /**
   * Appends the command and resolves once it has been applied here, with what the reducer said. Rejects with a
   * `LogError` when it could not be appended, with a `CatalogError` otherwise.
   */
  submit(command: Command): Promise<Result>;
  /** Calls for every command that changes the state, right after; the listener must not throw. Returns the end of it. */
  onApplied(listener: (applied: Applied) => void): () => void;
  /** Resolves once all that was in the control log at the time of the call has been applied here. */
  upToDate(): Promise<void>;
  /** Ends applying; commands that wait are rejected with `closed`. The engine stays open. */
  close(): Promise<void>;
}

class LoggedCatalog implements Catalog {
  #state: CatalogState = emptyState();
  /** The position of the next command to apply. */
  #next = positionOf(0);
  #sinceSnapshot = { commands: 0, bytes: 0 };
  #snapshot: Promise<void> | undefined;
  #submitted = 0;
  #applying: Promise<void> = Promise.resolve();
  #ended: CatalogError | undefined;
  readonly #submitter: string;
  readonly #options: CatalogOptions;
  readonly #results: Waiters<Result>;
  readonly #positions: Waiters<void>;
  readonly #listeners = new Set<(applied: Applied) => void>();
  readonly #closing = new AbortController();

  constructor(options: CatalogOptions) {
    this.#options = options;
    this.#submitter = options.random.uuid();
    this.#results = new Waiters(options.clock, WAITING);
    this.#positions = new Waiters(options.clock, WAITING);
  }

  get state(): CatalogView {
    return this.#state;
  }

  async open(): Promise<void> {
    const { engine, onEvent, random } = this.#options;
    await Promise.all([engine.create(CONTROL_LOG), engine.create(SNAPSHOT_LOG)]);
    const snapshot = await readNewestSnapshot(engine);
    if (snapshot !== undefined) {
      this.#state = decodeState(snapshot.bytes);
      this.#next = snapshot.position;
    }
    const snapshotPosition = this.#next;
    await this.#checkBounds();
    await this.#applyAvailable();
    onEvent?.({ type: 'catalog-opened', snapshotPosition, commandsReplayed: this.#next - snapshotPosition });
    this.#applying = this.#applyForEver().catch((error: unknown) => this.#fail(error));
    if (this.#state.secrets.tokenKey !== undefined) return;
    await this.submit({
      type: 'secrets.set-token-key.v1',
      key: Buffer.from(random.bytes(32)).toString('base64'),
    });
  }

  async submit(command: Command): Promise<Result> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = `${this.#submitter}/${this.#submitted++}`;
    const value = encodeSubmission({ id, command });
    const result = this.#results.on(id);
    try {
      const append = this.#options.engine.append(CONTROL_LOG, [{ key: '', value }]);
      return (await Promise.all([result, append]))[0];
    } catch (error) {
      this.#results.fail(id, error as Error);
      throw error;
    }
  }

  onApplied(listener: (applied: Applied) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async upToDate(): Promise<void> {
    const { end } = await this.#options.engine.bounds(CONTROL_LOG);
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#next < end) await this.#positions.on(String(end));
  }

  async close(): Promise<void> {
    this.#end(new CatalogError('closed', 'The catalog is closed.'));
    this.#closing.abort();
    await this.#applying;
    await this.#snapshot;
  }

  async #checkBounds(): Promise<void> {
    const { start, end } = await this.#options.engine.bounds(CONTROL_LOG);
    if (start <= this.#next && this.#next <= end) return;
    throw new CatalogError(
      'gap',
      `The control log holds positions ${start} to ${end}, but the newest whole snapshot goes on at ${this.#next}: commands are missing.`,
    );
  }

  async #applyForEver(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#options.engine.waitForMore(CONTROL_LOG, this.#next, signal);
      if (!signal.aborted) await this.#applyAvailable();
    }
  }

  async #applyAvailable(): Promise<void> {
    for (;;) {
      const { records } = await this.#options.engine.read(CONTROL_LOG, this.#next, READ_LIMITS);
      if (records.length === 0) return;
      for (const record of records) this.#apply(record);
      this.#snapshotIfDue();
    }
  }

  #apply(record: LogRecord): void {
    const { position, arrivalMs, value } = record;
    if (position !== this.#next) {
      throw new CatalogError(
        'gap',
        `Expected the command at ${this.#next}, but the next one is ${position}.`,
      );
    }
    const { id, command } = decodeSubmission(record);
    const refusal = reduce(this.#state, command, arrivalMs);
    this.#next = positionOf(position + 1);
    this.#sinceSnapshot.commands += 1;
    this.#sinceSnapshot.bytes += value.length;
    if (refusal === undefined)
      for (const listener of this.#listeners) listener({ command, position, arrivalMs });
    this.#results.settle(id, refusal === undefined ? { applied: true } : { applied: false, refusal });
    this.#positions.settle(String(this.#next));
  }

  #snapshotIfDue(): void {
    const { commands, bytes } = this.#sinceSnapshot;
    const isDue =
      commands >= (this.#options.snapshotCommands ?? SNAPSHOT_COMMANDS) || bytes >= SNAPSHOT_COMMAND_BYTES;
    if (!isDue || this.#snapshot !== undefined) return;
    this.#sinceSnapshot = { commands: 0, bytes: 0 };
    this.#snapshot = this.#writeSnapshot()
      .catch((error: unknown) => this.#options.onEvent?.({ type: 'snapshot-failed', error }))
      .finally(() => {
        this.#snapshot = undefined;
      });
  }

  /** Applying goes on meanwhile: the bytes are taken before the first wait. */
  async #writeSnapshot(): Promise<void> {
    const { engine, onEvent } = this.#options;
    const snapshot = { position: this.#next, bytes: encodeState(this.#state) };
    await writeSnapshot(engine, snapshot);
    await engine.trim(CONTROL_LOG, snapshot.position);
    onEvent?.({ type: 'snapshot-written', position: snapshot.position, bytes: snapshot.bytes.length });
  }

  #fail(error: unknown): void {
    if (this.#ended !== undefined) return;
    this.#options.onEvent?.({ type: 'catalog-failed', error });
    this.#end(new CatalogError('failed', 'Applying commands has stopped.', { cause: error }));
  }

  #end(error: CatalogError): void {
    this.#ended ??= error;
    this.#results.failAll(this.#ended);
    this.#positions.failAll(this.#ended);
  }
}

/**
 * Opens the control plane: the newest snapshot, then every command after it. Refuses to start over a command or
 * a snapshot that it does not know.
 */
export const openCatalog = async (options: CatalogOptions): Promise<Catalog> => {
  const catalog = new LoggedCatalog(options);
  await catalog.open();
  return catalog;
};
