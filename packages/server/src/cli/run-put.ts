import { createReadStream } from 'node:fs';
import { nodeClock } from '../adapters/node-clock.ts';
import { nodeRandom } from '../adapters/node-random.ts';
import { kinesisClient } from './kinesis-client.ts';
import { parsePartitionKey } from './partition-key.ts';
import { Progress } from './progress.ts';
import { put } from './put.ts';
import type { PutCommandOptions } from './put-command.ts';

/** `millrace put`: a progress line while it runs, and how many records were put even when it fails. */
export const runPut = async (stream: string, options: PutCommandOptions): Promise<void> => {
  const client = kinesisClient(options);
  const progress = new Progress('put', nodeClock.monotonic, process.stderr);
  const partitionKeyOf = parsePartitionKey(options.partitionKey, nodeRandom);
  try {
    await put({
      client,
      clock: nodeClock,
      stream,
      input: options.file === undefined ? process.stdin : createReadStream(options.file),
      partitionKeyOf,
      lanes: options.parallel,
      giveUpMs: options.giveUpAfter * 1000,
      onAcknowledged(done, bytes) {
        progress.add(done.length, bytes);
        if (options.acknowledgements !== true) return;
        process.stdout.write(done.map((one) => `${JSON.stringify(one)}\n`).join(''));
      },
      onRetry(records) {
        progress.retried += records;
      },
    });
  } finally {
    progress.end();
    client.destroy();
  }
};
