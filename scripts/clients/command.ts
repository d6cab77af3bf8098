import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface CommandOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** How much of a failed command's output is worth repeating. */
const OUTPUT_CHARACTERS_SHOWN = 2000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

class CommandFailed extends Error {
  constructor(line: string, why: string, output: string) {
    super(`${line}: ${why}\n${output.trim().slice(-OUTPUT_CHARACTERS_SHOWN)}`);
    this.name = 'CommandFailed';
  }
}

const execute = promisify(execFile);

interface ExecFileError extends Error {
  readonly code?: string | number;
  readonly killed?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
}

const reason = ({ code, killed }: ExecFileError, timeoutMs: number): string =>
  killed ? `took longer than ${timeoutMs} ms` : `ended with ${code}`;

/** Runs a program to its end and answers everything it wrote. */
export const run = async (
  command: string,
  args: readonly string[],
  { cwd, environment, timeoutMs }: CommandOptions,
): Promise<string> => {
  try {
    const options = { cwd, env: environment, timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX };
    const { stdout, stderr } = await execute(command, [...args], options);
    return stdout + stderr;
  } catch (error) {
    const failure = error as ExecFileError;
    const line = [command, ...args].join(' ');
    throw new CommandFailed(
      line,
      reason(failure, timeoutMs),
      `${failure.stdout ?? ''}${failure.stderr ?? ''}`,
    );
  }
};
