export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A process that speaks the protocol on its standard input and output. */
export interface Child {
  readonly pid: number | undefined;
  readonly output: AsyncIterable<Uint8Array>;
  readonly errorOutput: AsyncIterable<Uint8Array>;
  /** Resolves when it is in the pipe; rejects when nobody reads it any more. */
  write(text: string): Promise<void>;
  /** The end of its input asks a child to end. */
  closeInput(): void;
  /** With all that it has started; they get no chance to do anything. */
  kill(): void;
  /** Rejects when it could not be started. */
  readonly exited: Promise<ChildExit>;
}

export type Spawn = (command: readonly string[]) => Child;

export const exitText = ({ exitCode, signal }: ChildExit): string =>
  signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`;
