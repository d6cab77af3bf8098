import type { Snapshot } from '@millrace/log-embedded';

/**
 * How a command gets a snapshot from a running server: through a socket in the data directory, so only who may
 * write there can. Lines of UTF-8, each with a line feed:
 *
 *   server   {"manifest": base64, "journal": [file…], "segments": [file…]}, a file {"path": …, "bytes": …}, where
 *            "bytes" is absent for a whole file; or {"error": why}, and the end
 *   client   `journal` when it is done with the journal; `going on` from time to time
 *   server   {"error": why} when it cannot keep the files any longer, and the end
 *
 * The connection's end releases everything.
 */
export const SNAPSHOT_SOCKET = 'snapshot.sock';

/** A client that has done nothing for so long is taken for dead, though its connection be open. */
export const SILENCE_MS_MAX = 60_000;

export const CLIENT_LINES = { journal: 'journal', goingOn: 'going on' } as const;

interface WireFile {
  readonly path: string;
  readonly bytes?: number;
}

type WireSnapshot = {
  readonly manifest: string;
  readonly journal: readonly WireFile[];
  readonly segments: readonly WireFile[];
};

export const encodeSnapshot = ({ manifest, journal, segments }: Snapshot): string =>
  `${JSON.stringify({ manifest: Buffer.from(manifest).toString('base64'), journal, segments })}\n`;

export const encodeError = (error: unknown): string =>
  `${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`;

/** The snapshot of a line, or why there is none. Throws when it is neither. */
export const decodeAnswer = (line: string): Snapshot | Error => {
  const answer = JSON.parse(line) as Partial<WireSnapshot> & { readonly error?: string };
  if (answer.error !== undefined) return new Error(answer.error);
  const { manifest, journal, segments } = answer;
  if (manifest === undefined || journal === undefined || segments === undefined) {
    throw new Error('not a snapshot');
  }
  const fileOf = ({ path, bytes }: WireFile) => ({ path, bytes });
  return {
    manifest: Buffer.from(manifest, 'base64'),
    journal: journal.map(fileOf),
    segments: segments.map(fileOf),
  };
};
