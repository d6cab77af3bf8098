import { PassThrough } from 'node:stream';
import type { Child, ChildExit, Spawn } from '../src/child/child.ts';

export interface Message {
  readonly action: string;
  readonly [field: string]: unknown;
}

/** What a child does with each message, such as `(message, child) => child.done(message)`. */
export type Script = (message: Message, child: ScriptedChild) => void;

/** Answers every request, as a processor does that has nothing to do. */
export const obedient: Script = (message, child) => {
  if (message.action !== 'checkpoint') child.done(message);
};

/** A child in memory that follows a script. */
export class ScriptedChild implements Child {
  readonly pid = 1;
  readonly output = new PassThrough();
  readonly errorOutput = new PassThrough();
  readonly messages: Message[] = [];
  readonly #script: Script;
  readonly #exit = Promise.withResolvers<ChildExit>();
  /** Goes on though its input has ended. */
  isStubborn = false;
  isKilled = false;
  hasEnded = false;

  constructor(script: Script) {
    this.#script = script;
  }

  get exited(): Promise<ChildExit> {
    return this.#exit.promise;
  }

  get actions(): string[] {
    return this.messages.map(({ action }) => action);
  }

  async write(text: string): Promise<void> {
    if (this.hasEnded) throw new Error('EPIPE');
    const message: Message = JSON.parse(text);
    this.messages.push(message);
    this.#script(message, this);
  }

  say(message: object | string): void {
    this.output.write(`\n${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  }

  done({ action }: Message): void {
    this.say({ action: 'status', responseFor: action });
  }

  end(exitCode: number | null, signal: string | null = null): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.output.end();
    this.errorOutput.end();
    this.#exit.resolve({ exitCode, signal });
  }

  /** It could not be started. */
  neverBegin(error: Error): void {
    this.hasEnded = true;
    this.output.end();
    this.errorOutput.end();
    this.#exit.reject(error);
  }

  closeInput(): void {
    if (!this.isStubborn) this.end(0);
  }

  kill(): void {
    this.isKilled = true;
    this.end(null, 'SIGKILL');
  }
}

/** Starts children that follow the script, and keeps them. */
export const scripted = (script: Script): { readonly spawn: Spawn; readonly children: ScriptedChild[] } => {
  const children: ScriptedChild[] = [];
  const spawn: Spawn = () => {
    const child = new ScriptedChild(script);
    children.push(child);
    return child;
  };
  return { spawn, children };
};
