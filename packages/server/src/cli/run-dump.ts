import { once } from 'node:events';
import type { Disk } from '@millrace/core';
import { LogError, logIdOf } from '@millrace/log';
import { dump, everythingOnDisk, type Snapshot, snapshotOfDisk } from '@millrace/log-embedded';
import { DUMP_FORMATS } from './dump-format.ts';
import { openStore } from './open-store.ts';

export interface DumpCommandOptions {
  readonly log?: string;
  readonly from?: number;
  readonly to?: number;
  readonly journal?: boolean;
  readonly entries?: boolean;
  readonly values?: boolean;
  readonly json?: boolean;
}

/** Lines are collected up to so many bytes before they are written. */
const OUTPUT_BYTES_MAX = 64 * 1024;

/** Without a manifest that can be read, whatever lies there is shown. */
const snapshotToDump = async (disk: Disk): Promise<Snapshot | undefined> => {
  try {
    return await snapshotOfDisk(disk);
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== 'corrupt') throw error;
    process.stderr.write(`millrace: ${error.message}; all files that are there are shown\n`);
    return everythingOnDisk(disk);
  }
};

/** Ends quietly when the reader of standard output has gone. */
class Output {
  #isClosed = false;
  #pending: string[] = [];
  #length = 0;

  constructor() {
    process.stdout.on('error', () => {
      this.#isClosed = true;
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async write(text: string): Promise<void> {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= OUTPUT_BYTES_MAX) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending.join('');
    this.#pending = [];
    this.#length = 0;
    if (this.#isClosed || process.stdout.write(text)) return;
    await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(() => undefined);
  }
}

/** `millrace log dump`. */
export const runDump = async (directory: string, options: DumpCommandOptions): Promise<void> => {
  const { log, from, to, journal: journalOnly } = options;
  const store = await openStore(directory, snapshotToDump);
  const output = new Output();
  const format = DUMP_FORMATS[options.json === true ? 'json' : 'text'];
  const { disk, snapshot } = store;
  const wanted = { disk, snapshot, log: log === undefined ? undefined : logIdOf(log), from, to, journalOnly };
  try {
    for await (const item of dump(wanted)) {
      store.givenUp.throwIfAborted();
      store.goingOn();
      for (const line of format(item, options)) await output.write(line);
      if (output.isClosed) return;
    }
    await output.flush();
  } finally {
    await store.close();
  }
};
