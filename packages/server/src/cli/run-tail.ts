import { once } from 'node:events';
import { nodeClock } from '../adapters/node-clock.ts';
import { kinesisClient } from './kinesis-client.ts';
import { FORMATS } from './record-format.ts';
import { tail } from './tail.ts';
import type { TailCommandOptions } from './tail-command.ts';

/** Writes one piece after the other and waits for a slow reader of standard output. */
const orderedWriter = (signal: AbortSignal): ((bytes: Uint8Array) => Promise<void>) => {
  let last = Promise.resolve();
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!process.stdout.write(bytes)) await once(process.stdout, 'drain', { signal });
  };
  return (bytes) => {
    last = last.then(() => write(bytes));
    return last;
  };
};

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** `millrace tail`: ends quietly on a signal and when the reader of standard output has gone. */
export const runTail = async (stream: string, options: TailCommandOptions): Promise<void> => {
  const client = kinesisClient(options);
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ending.abort());
  process.stdout.on('error', () => ending.abort());
  const format = FORMATS[options.format];
  const write = orderedWriter(ending.signal);
  try {
    await tail({
      client,
      clock: nodeClock,
      stream,
      from: options.from,
      untilCaughtUp: options.untilCaughtUp === true,
      giveUpMs: options.giveUpAfter * 1000,
      signal: ending.signal,
      onRecords: (shardId, records) =>
        write(Buffer.concat(records.flatMap((record) => format(shardId, record)))),
    });
  } catch (error) {
    if (!ending.signal.aborted || !isAbort(error)) throw error;
  } finally {
    client.destroy();
  }
};
