import { fileURLToPath } from 'node:url';
import type { ConsumerOptions } from './worker-options.ts';
import { WorkerProcess } from './worker-process.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('./consumer-worker.ts'));

/** One worker of our own consumer library, which tells the same as those of Java. */
export class ConsumerProcess extends WorkerProcess {
  constructor(endpoint: string, options: ConsumerOptions) {
    super(process.execPath, [PROGRAM, endpoint, JSON.stringify(options)]);
  }
}
