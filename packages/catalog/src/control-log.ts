import { type LogRecord, logIdOf } from '@millrace/log';
import { CatalogError } from './catalog-error.ts';
import type { Command } from './command.ts';
import { isKnownCommand } from './reduce.ts';

export const CONTROL_LOG = logIdOf('control');

/** One command as JSON; a snapshot's part has the same bound. */
const COMMAND_BYTES_MAX = 1024 * 1024;

/** What an entry of the control log holds. `id` tells the process that submitted the command that it is its own. */
export interface Submission {
  readonly id: string;
  readonly command: Command;
}

export const encodeSubmission = (submission: Submission): Uint8Array => {
  const bytes = Buffer.from(JSON.stringify(submission));
  if (bytes.length <= COMMAND_BYTES_MAX) return bytes;
  throw new CatalogError(
    'too-large',
    `A command of ${bytes.length} bytes is above the ${COMMAND_BYTES_MAX} that fit.`,
  );
};

/** Throws `unknown-command` for what this program does not know, and for what is no command at all. */
export const decodeSubmission = ({ position, value }: LogRecord): Submission => {
  const submission = submissionIn(value);
  const type: unknown = submission?.command?.type;
  if (submission !== undefined && typeof submission.id === 'string' && isKnownCommand(type))
    return submission;
  throw new CatalogError(
    'unknown-command',
    `The control log holds the command '${type}' at position ${position}, which this program does not know. It was written by a newer one: start that.`,
  );
};

const submissionIn = (value: Uint8Array): Submission | undefined => {
  try {
    return (JSON.parse(Buffer.from(value).toString()) as Submission | null) ?? undefined;
  } catch {
    return undefined;
  }
};
