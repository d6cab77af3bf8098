import type { WorkerOptions } from './worker-options.ts';
import { WorkerProcess } from './worker-process.ts';

/** One short run: the optimising compiler costs more than it brings. */
const FLAGS = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-Xmx512m',
  '-Dfile.encoding=UTF-8',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
];

/** A JVM in which workers of the Kinesis Client Library run, as many as are started. */
export class KclProcess extends WorkerProcess {
  constructor(classPath: string, endpoint: string) {
    super('java', [...FLAGS, '-cp', classPath, 'Main', endpoint]);
  }

  startWorker(options: WorkerOptions): void {
    const words = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    this.tell(`start ${words.join(' ')}`);
  }

  /** In good order; the event `stopped` tells when it is done. */
  stopWorker(worker: string): void {
    this.tell(`stop ${worker}`);
  }
}
