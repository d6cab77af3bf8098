import type { DataKeyId, Disk, DiskFile } from '@millrace/core';
import type { LogId } from '@millrace/log';
import { createdLog } from '../control-frame.ts';
import { dataKeyOf } from '../encrypted-frame.ts';
import { hasCode, isNotFound } from '../errors.ts';
import { FRAME_KINDS, type Frame } from '../frame.ts';
import { type JournalContents, readJournalFile } from '../journal-file.ts';
import { decodeManifest, type Manifest } from '../manifest.ts';
import { segmentPlaceOf } from '../paths.ts';
import { readWhole } from '../read-whole.ts';
import { SEGMENT_HEADER_BYTES } from '../segment.ts';
import { type PlainEntry, plainEntries } from './entries.ts';
import { SegmentWalk, type WalkedDamage } from './segment-walk.ts';
import type { Snapshot, SnapshotFile } from './snapshot.ts';

export interface DumpOptions {
  /** Only read from. */
  readonly disk: Disk;
  readonly snapshot: Snapshot;
  /** Of one log alone. */
  readonly log?: LogId | undefined;
  /** Batches with a position from here on. */
  readonly from?: number | undefined;
  /** Batches with a position before this one. */
  readonly to?: number | undefined;
  /** Every frame of the journal and nothing else. Without it, the segments and what only the journal holds. */
  readonly journalOnly?: boolean | undefined;
}

/** A frame as it stands in a file. */
export interface DumpedFrame {
  readonly kind: keyof typeof FRAME_KINDS;
  readonly file: string;
  readonly offset: number;
  /** Undefined when nothing tells which log has the number. */
  readonly log: LogId | undefined;
  readonly logNumber: number;
  /** Of the first entry; the new start of a trim. */
  readonly position: number;
  readonly count: number;
  readonly arrivalMs: number;
  readonly bytes: number;
  /** Under which it is encrypted; undefined when it is plain. */
  readonly dataKey: DataKeyId | undefined;
  /** Keys and values of a plain batch; good until the next item is asked for. */
  readonly entries: () => Iterable<PlainEntry>;
}

export interface DumpedDamage {
  readonly kind: 'damage';
  readonly file: string;
  readonly offset: number;
  readonly message: string;
}

export type DumpItem = DumpedFrame | DumpedDamage;

/** Ids by log number, and up to where segments hold each log. */
class Names {
  readonly #ids = new Map<number, LogId>();
  readonly #ends = new Map<number, number>();

  constructor(manifest: Manifest | undefined) {
    for (const { id, number, end } of manifest?.logs ?? []) {
      this.#ids.set(number, id);
      this.#ends.set(number, end);
    }
  }

  learn(frame: Frame): void {
    if (frame.kind === FRAME_KINDS.create) this.#ids.set(frame.logNumber, createdLog(frame));
  }

  get(number: number): LogId | undefined {
    return this.#ids.get(number);
  }

  isInSegments({ logNumber, position }: Frame): boolean {
    return position < (this.#ends.get(logNumber) ?? 0);
  }
}

const manifestIn = ({ manifest }: Snapshot): Manifest | undefined => {
  try {
    return decodeManifest(manifest);
  } catch (error) {
    if (hasCode(error, 'corrupt')) return undefined;
    throw error;
  }
};

const KIND_NAMES = Object.keys(FRAME_KINDS) as (keyof typeof FRAME_KINDS)[];

const dumped = (file: string, offset: number, log: LogId | undefined, frame: Frame): DumpedFrame => {
  const { logNumber, position, count, arrivalMs, bytes } = frame;
  const kind = KIND_NAMES[frame.kind] ?? 'append';
  const dataKey = dataKeyOf(bytes);
  const entries = () => (dataKey === undefined ? plainEntries(frame) : []);
  return {
    kind,
    file,
    offset,
    log,
    logNumber,
    position,
    count,
    arrivalMs,
    bytes: bytes.length,
    dataKey,
    entries,
  };
};

const isWanted = (
  { log, from = 0, to = Number.POSITIVE_INFINITY }: DumpOptions,
  item: DumpedFrame,
): boolean => {
  const { kind, position, count } = item;
  if (log !== undefined && item.log !== log) return false;
  return kind !== 'append' || (position < to && position + count > from);
};

/** What lies in the files, file by file; damaged places are told of and passed over. */
export async function* dump(options: DumpOptions): AsyncGenerator<DumpItem> {
  const names = new Names(manifestIn(options.snapshot));
  if (options.journalOnly !== true) yield* dumpSegments(options);
  for (const file of options.snapshot.journal) yield* dumpJournal(options, file, names);
}

async function* dumpSegments(options: DumpOptions): AsyncGenerator<DumpItem> {
  const { segments } = options.snapshot;
  for (const [index, file] of segments.entries()) {
    const place = segmentPlaceOf(file.path);
    const next = segmentPlaceOf(segments[index + 1]?.path ?? '');
    if (place === undefined || (options.log !== undefined && place.log !== options.log)) continue;
    if (place.base >= (options.to ?? Number.POSITIVE_INFINITY)) continue;
    if (next?.log === place.log && next.base <= (options.from ?? 0)) continue;
    yield* dumpSegment(options, file, place);
  }
}

async function* dumpSegment(
  options: DumpOptions,
  { path, bytes }: SnapshotFile,
  { log, base }: { log: LogId; base: number },
): AsyncGenerator<DumpItem> {
  const opened = await options.disk.open(path).catch(missing);
  if (opened === undefined)
    return yield { kind: 'damage', file: path, offset: 0, message: 'the file is missing' };
  try {
    for await (const item of walked(opened, path, log, base, bytes ?? (await opened.size()))) {
      if (item.kind === 'damage' || isWanted(options, item)) yield item;
    }
  } finally {
    await opened.close();
  }
}

const missing = (error: unknown): undefined => {
  if (!isNotFound(error)) throw error;
};

async function* walked(
  opened: DiskFile,
  file: string,
  log: LogId,
  base: number,
  bytes: number,
): AsyncGenerator<DumpItem> {
  const plan = { logNumber: undefined, offset: SEGMENT_HEADER_BYTES, position: base, end: undefined, bytes };
  const walk = new SegmentWalk(opened, plan);
  for (let steps = await walk.next(); steps !== undefined; steps = await walk.next()) {
    for (const step of steps) {
      if (step.kind === 'batch') yield dumped(file, step.offset, log, step.frame);
      else yield { kind: 'damage', file, offset: step.offset, message: damageText(step) };
    }
  }
}

const damageText = ({ offset, endOffset, reason, from, to }: WalkedDamage): string => {
  const positions = from < to ? `; positions ${from} to ${to - 1}` : '';
  return `${reason}: ${endOffset - offset} bytes passed over${positions}`;
};

async function* dumpJournal(
  options: DumpOptions,
  file: SnapshotFile,
  names: Names,
): AsyncGenerator<DumpItem> {
  const { path } = file;
  const bytes = await readWhole(options.disk, path, file.bytes).catch(missing);
  const contents = bytes === undefined ? undefined : contentsOf(bytes);
  if (bytes === undefined || contents === undefined) {
    const message = bytes === undefined ? 'the file is missing' : 'written by a newer release?';
    return yield { kind: 'damage', file: path, offset: 0, message };
  }
  for (const frame of contents.frames) {
    names.learn(frame);
    const offset = frame.bytes.byteOffset - bytes.byteOffset;
    const item = dumped(path, offset, names.get(frame.logNumber), frame);
    const isExtra = frame.kind !== FRAME_KINDS.append || names.isInSegments(frame);
    if (options.journalOnly !== true && isExtra) continue;
    if (isWanted(options, item)) yield item;
  }
  const { damage } = contents;
  if (damage === undefined) return;
  const message = damage.isTorn ? 'a torn group, or the end of what was written' : 'no intact group';
  yield { kind: 'damage', file: path, offset: damage.offset, message };
}

const contentsOf = (bytes: Buffer): JournalContents | undefined => {
  try {
    return readJournalFile(bytes);
  } catch (error) {
    if (hasCode(error, 'corrupt')) return undefined;
    throw error;
  }
};
