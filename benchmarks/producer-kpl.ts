import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../scripts/clients/cache.ts';
import { installKpl } from '../scripts/clients/install-kpl.ts';
import { ClientUnavailable } from '../scripts/clients/unavailable.ts';
import { KplDriver } from '../tests/kpl/driver.ts';
import { type ProducerClient, usageOf } from './producer-sample.ts';
import { STREAM } from './workloads.ts';

const PRODUCER = 'bench';
const HEAP = '-Xmx1g';

/** The class path of the Kinesis Producer Library, or why this machine cannot have it. */
export const kplClassPath = async (): Promise<{ readonly classPath?: string; readonly reason?: string }> => {
  // Its processes are measured by what Linux tells of them.
  if (process.platform !== 'linux') return { reason: 'measured on Linux only' };
  try {
    const say = (line: string) => void process.stderr.write(`${line}\n`);
    return { classPath: await installKpl({ cache: cacheFolder(), say }) };
  } catch (error) {
    if (error instanceof ClientUnavailable) return { reason: error.message };
    throw error;
  }
};

export interface KplOptions {
  readonly classPath: string;
  readonly port: number;
  /** Of the server's certificate. */
  readonly ca: string;
  readonly bytes: number;
  readonly outstandingMax: number;
  /** By the library's names. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** The library in a JVM of its own with its optimising compilers, and its native process. */
export const startKpl = async (options: KplOptions): Promise<ProducerClient> => {
  const { classPath, port, ca, bytes, outstandingMax, settings } = options;
  const folder = await mkdtemp(join(tmpdir(), 'millrace-kpl-'));
  const driver = new KplDriver({ classPath, folder, flags: [HEAP] });
  const close = async (): Promise<void> => {
    await driver.close();
    await rm(folder, { recursive: true, force: true });
  };
  const address = { Region: 'us-east-1', KinesisEndpoint: 'localhost', KinesisPort: port, CaCertFile: ca };
  try {
    await driver.open(PRODUCER, {
      ...address,
      TempDirectory: folder,
      MetricsLevel: 'none',
      RecordDistributionStrategyDefault: 'USER_PARTITION_KEY',
      ...settings,
    });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async round(seconds) {
      const before = usageOf(driver.pid);
      const load = { stream: STREAM, bytes, seconds, outstandingMax };
      const loaded = await driver.load(PRODUCER, load);
      if (loaded.failed > 0) throw new Error(`${loaded.failed} records of the KPL failed`);
      const { cpuSeconds, residentBytesMax } = usageOf(driver.pid);
      return {
        recordsPerSecond: loaded.acknowledged / loaded.seconds,
        cpuMicrosPerRecord: ((cpuSeconds - before.cpuSeconds) * 1e6) / loaded.acknowledged,
        residentBytesMax,
      };
    },
    close,
  };
};
