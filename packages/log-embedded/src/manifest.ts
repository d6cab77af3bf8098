import type { Disk } from '@millrace/core';
import { LogError, type LogId, logIdOf } from '@millrace/log';
import { checksum } from './bytes.ts';
import { isNotFound } from './errors.ts';
import { MANIFEST, MANIFEST_NEW, ROOT } from './paths.ts';
import { readWhole } from './read-whole.ts';

/** One log in the manifest. What came later is in the journal. */
export interface ManifestLog {
  readonly id: LogId;
  readonly number: number;
  readonly start: number;
  /** Segments hold everything from the start up to here. */
  readonly end: number;
  readonly lastArrivalMs: number;
  /** Bases of all segments, rising. Other files are remains. */
  readonly segments: readonly number[];
  /** How much of the last one's file counts; 0 when there is none. */
  readonly lastBytes: number;
}

/** What was safe in segments at some moment, and where the journal goes on from there. */
export interface Manifest {
  /** The first journal file that is still needed. */
  readonly journal: number;
  /** Numbers from here on are free for new logs. */
  readonly nextLogNumber: number;
  readonly logs: readonly ManifestLog[];
}

/**
 * The version of the data directory as a whole, in the manifest's first line. It rises with every change that an
 * earlier release would misread, in whichever file: so it is looked at first, and nothing else is.
 */
const FORMAT_VERSION = 2;

const TITLE = 'millrace-manifest';
const FORM = /^millrace-manifest (\d{1,9})[ \n](?:([0-9a-f]{8})\n(.*))?/s;

const checksumText = (body: string): string => checksum(Buffer.from(body)).toString(16).padStart(8, '0');

/** How the manifest of each format that this release takes over is read. The next one written has our format. */
const READERS: Readonly<Record<number, (body: string) => Manifest>> = {
  [FORMAT_VERSION]: (body) => manifestOf(body),
};

export const encodeManifest = (manifest: Manifest): Buffer => {
  const body = JSON.stringify(manifest);
  return Buffer.from(`${TITLE} ${FORMAT_VERSION} ${checksumText(body)}\n${body}`);
};

/** Throws `corrupt`, or `failed` when another release wrote it. */
export const decodeManifest = (bytes: Uint8Array): Manifest => {
  const [, version, sum, body] = FORM.exec(Buffer.from(bytes).toString()) ?? [];
  if (version === undefined) throw damaged('does not begin as one');
  const read = READERS[Number(version)];
  if (read === undefined) throw otherFormat(Number(version));
  if (body === undefined || sum !== checksumText(body)) throw damaged('does not pass its checksum');
  return read(body);
};

const damaged = (how: string): LogError => new LogError('corrupt', `${MANIFEST} ${how}`);

const otherFormat = (version: number): LogError => {
  const age = version > FORMAT_VERSION ? 'a newer' : 'an older';
  return new LogError(
    'failed',
    `the data directory has format ${version}, of ${age} release of Millrace; this one reads format ${Object.keys(READERS).join(', ')}. Nothing was changed: go on with that release.`,
  );
};

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const COUNTS = ['number', 'start', 'end', 'lastArrivalMs', 'lastBytes'] as const;

const isRising = (numbers: readonly number[]): boolean =>
  numbers.every((number, index) => isCount(number) && number > (numbers[index - 1] ?? -1));

const isLog = (log: ManifestLog): boolean =>
  COUNTS.every((member) => isCount(log[member])) &&
  Array.isArray(log.segments) &&
  isRising(log.segments) &&
  (log.segments.at(-1) ?? 0) <= log.end &&
  logIdOf(log.id) === log.id;

/** The checksum says that we wrote it; what cannot be ours all the same is not taken for it. */
const manifestOf = (body: string): Manifest => {
  try {
    const value = JSON.parse(body) as Manifest;
    if ([value.journal, value.nextLogNumber].every(isCount) && value.logs.every(isLog)) return value;
  } catch (cause) {
    throw new LogError('corrupt', `${MANIFEST} has a form that it cannot have`, { cause });
  }
  throw damaged('has a form that it cannot have');
};

/** As it stands on the disk; undefined when there is none. */
export const readManifestBytes = async (disk: Disk): Promise<Buffer | undefined> => {
  try {
    return await readWhole(disk, MANIFEST);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};

export const readManifest = async (disk: Disk): Promise<Manifest | undefined> => {
  const bytes = await readManifestBytes(disk);
  return bytes === undefined ? undefined : decodeManifest(bytes);
};

/** Replaces the manifest in one step: a crash leaves the old one or the new one. */
export const writeManifest = async (disk: Disk, manifest: Manifest): Promise<void> => {
  const bytes = encodeManifest(manifest);
  const file = await disk.open(MANIFEST_NEW, { create: true });
  try {
    await file.write([bytes], 0);
    await file.truncate(bytes.length);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(MANIFEST_NEW, MANIFEST);
  await disk.syncDirectory(ROOT);
};
