import type { Brand, DataKeyId, Position } from '@millrace/core';

/**
 * Names a log for ever: a name is not used again after its log is deleted. `[a-z0-9-]{1,64}`, so that it can be
 * a file name and part of a topic name.
 */
export type LogId = Brand<string, 'LogId'>;

const LOG_ID_FORM = /^[a-z0-9-]{1,64}$/;

export const logIdOf = (text: string): LogId => {
  if (!LOG_ID_FORM.test(text)) throw new Error(`not a log id: '${text}'`);
  return text as LogId;
};

/** What a writer hands in. The key may be empty. */
export interface LogEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** What a reader gets: an entry where it came to stand, with the time at which the engine took it in. */
export interface LogRecord extends LogEntry {
  readonly position: Position;
  /** Epoch milliseconds; never falls from one record of a log to the next. */
  readonly arrivalMs: number;
  /** The data key under which it is stored; absent when it is stored plain. */
  readonly encryptedWith?: DataKeyId;
}

export interface AppendOptions {
  /** The data key under which these entries are stored. Plain without one. */
  readonly encryptWith?: DataKeyId | undefined;
}

/** Entries of one append stand at `first`, `first + 1`, …, all with one arrival time. */
export interface Appended {
  readonly first: Position;
  readonly arrivalMs: number;
}

/** What one log is to take in a call for several. */
export interface LogAppend {
  readonly log: LogId;
  readonly entries: readonly LogEntry[];
}

/** What has become of one append of several. */
export type AppendOutcome = Appended | LogError;

/** `start` is the first position still held, `end` the next to be given; equal when the log is empty. */
export interface Bounds {
  readonly start: Position;
  readonly end: Position;
}

export interface ReadLimits {
  readonly records: number;
  /** Keys and values together. The first record is returned whatever its size. */
  readonly bytes: number;
}

export interface ReadResult {
  readonly records: readonly LogRecord[];
  /** Where to go on reading: one after the last record, or the position asked for (raised to the start) when there is none. */
  readonly next: Position;
  /** The log's end when the read was made: `next === end` means caught up. */
  readonly end: Position;
}

/** Entries of one append, at the most; a caller with more appends again. */
export const APPEND_ENTRIES_MAX = 10_000;
/** Keys and values of one append together; three of AWS's largest calls. */
export const APPEND_BYTES_MAX = 32 * 1024 * 1024;

/**
 * An ordered set of append-only logs: a shard is one, the control plane another.
 *
 * Order: positions of a log are dense and are given in the order in which appends are called. Appends to
 * different logs have no order between them.
 *
 * Durability: when `append`, `create`, `delete` or `trim` resolves, its effect survives kill -9 and, where the
 * engine flushes (the default), power loss. Readers see only what is durable. An append that rejects leaves
 * nothing readable, now or after a restart, unless it rejects with `failed`: then its fate is known after the
 * restart, and it is there whole or not at all.
 *
 * A crash leaves every acknowledged append, in order, once; any other append whole or absent, and only after
 * all acknowledged ones.
 *
 * Encryption: what was appended under a data key is nowhere in the store readable without that key, and readers
 * get it as it was given. When a read comes to records whose key cannot be had, it returns those before them, or
 * rejects with `key-unavailable` when there are none.
 *
 * Errors are `LogError`s. Reading and writing one log never waits for a reader of another.
 */
export interface LogEngine {
  /** Makes an empty log; one that exists is left alone. */
  create(log: LogId): Promise<void>;
  /** Removes the log and frees its space; a missing one is left alone. Its waiters end with `no-such-log`. */
  delete(log: LogId): Promise<void>;
  /** All logs, in no order. */
  logs(): Promise<LogId[]>;
  /** Appends all entries (at least one) or none. The values must not change until it settles. */
  append(log: LogId, entries: readonly LogEntry[], options?: AppendOptions): Promise<Appended>;
  /**
   * The same as one `append` after the other, called at once: each is taken or refused by itself, and the outcomes
   * stand in the order of the appends. A log may come more than once. Does not reject for what a log refuses.
   */
  appendAll(appends: readonly LogAppend[], options?: AppendOptions): Promise<readonly AppendOutcome[]>;
  /**
   * Reads from `from` on, in order, no more than the limits allow. A position before the start means the
   * start; one past the end reads nothing. An empty result means that `from` is at the end.
   */
  read(log: LogId, from: Position, limits: ReadLimits): Promise<ReadResult>;
  bounds(log: LogId): Promise<Bounds>;
  /** The first position whose record arrived at `timestampMs` or later; the end when there is none. */
  findByTime(log: LogId, timestampMs: number): Promise<Position>;
  /** Raises the start to `before` (at most the end); space is freed in the engine's own portions. Never lowers it. */
  trim(log: LogId, before: Position): Promise<void>;
  /** Resolves as soon as the end lies past `position`, or when the signal aborts. */
  waitForMore(log: LogId, position: Position, signal: AbortSignal): Promise<void>;
  /** Completes the appends under way, refuses new ones with `closed`, and releases the store. */
  close(): Promise<void>;
}

/**
 * `full`: no space; freeing some lets appends work again. `overloaded`: too many bytes are waiting to become
 * durable; try again. `failed`: the store broke, only a restart can tell what is there. `corrupt`: what was
 * stored does not pass its checksum; it is never returned as data. `key-unavailable`: the data key may not be
 * used, or is not known; the cause says why.
 */
export type LogErrorCode =
  | 'no-such-log'
  | 'too-large'
  | 'full'
  | 'overloaded'
  | 'failed'
  | 'corrupt'
  | 'key-unavailable'
  | 'closed';

export class LogError extends Error {
  readonly code: LogErrorCode;
  constructor(code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogError';
    this.code = code;
  }
}
