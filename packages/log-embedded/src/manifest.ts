import type { Disk } from '@millrace/core';
import { LogError, type LogId, logIdOf } from '@millrace/log';
import { checksum } from './bytes.ts';
import { isNotFound } from './errors.ts';
import { MANIFEST, MANIFEST_NEW, ROOT } from './paths.ts';

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

const TITLE = 'millrace-manifest 1';
const FORM = /^millrace-manifest (\d+) ([0-9a-f]{8})\n(.*)$/s;

const checksumText = (body: string): string => checksum(Buffer.from(body)).toString(16).padStart(8, '0');

const encodeManifest = (manifest: Manifest): Buffer => {
  const body = JSON.stringify(manifest);
  return Buffer.from(`${TITLE} ${checksumText(body)}\n${body}`);
};

const decodeManifest = (bytes: Buffer): Manifest => {
  const [, version, sum, body] = FORM.exec(bytes.toString()) ?? [];
  if (body === undefined || sum !== checksumText(body)) throw damaged('does not pass its checksum');
  if (version !== '1') throw damaged(`has version ${version}, which is not known`);
  // The checksum says that we wrote it, so its form is ours.
  const manifest = JSON.parse(body) as Manifest;
  for (const { id } of manifest.logs) logIdOf(id);
  return manifest;
};

const damaged = (how: string): LogError => new LogError('corrupt', `${MANIFEST} ${how}`);

export const readManifest = async (disk: Disk): Promise<Manifest | undefined> => {
  try {
    const file = await disk.open(MANIFEST);
    try {
      const bytes = Buffer.alloc(await file.size());
      return decodeManifest(bytes.subarray(0, await file.read(bytes, 0)));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
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
