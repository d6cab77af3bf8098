import { cloudWatchModel } from '@millrace/aws-model/cloudwatch';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { bindService, createPipeline, listen } from '@millrace/aws-protocol';
import { type Catalog, openCatalog } from '@millrace/catalog';
import { type Disk, MemoryDisk } from '@millrace/core';
import { type Keys, openKeys } from '@millrace/identity';
import { aesBatchCipher, type LogEngine } from '@millrace/log';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { callLimit, kinesisTable, limitsOf, openStreams, streamDataKeys } from '@millrace/streams';
import { cloudWatchTable, openTelemetry } from '@millrace/telemetry';
import { givenCertificate, ownCertificate } from './adapters/certificate.ts';
import { dataDirectory } from './adapters/data-directory.ts';
import { nodeClock } from './adapters/node-clock.ts';
import { nodeRandom } from './adapters/node-random.ts';
import { watchProcess } from './adapters/process-samples.ts';
import { rootKeySource } from './adapters/root-key.ts';
import { checkSettings } from './config/rules.ts';
import type { Settings } from './config/settings.ts';
import { LateDataKeys } from './late-data-keys.ts';
import { type Logger, reporter } from './logging.ts';
import { makeStreams } from './make-streams.ts';
import { createPages } from './pages.ts';

export interface RunningServer {
  /** Such as `http://127.0.0.1:4567`. */
  readonly endpoint: string;
  /** Lets requests under way finish for so long, then closes the store. */
  close(drainMs: number): Promise<void>;
}

/** What a benchmark may put in the place of the real thing. */
export interface Parts {
  readonly openLog?: (options: Parameters<typeof openEmbeddedLog>[0]) => Promise<LogEngine>;
}

const openDataDirectory = async (dataDir: string, owned: AsyncDisposableStack): Promise<Disk> => {
  if (dataDir === ':memory:') return new MemoryDisk();
  const { disk, release } = await dataDirectory(dataDir);
  owned.defer(release);
  return disk;
};

const openServerKeys = async (
  catalog: Catalog,
  { rootKey, rootKeyFile }: Settings,
  disk: Disk,
  logger: Logger,
): Promise<Keys> => {
  const onKeyBesideData = (): void =>
    logger.warn(
      'the root key lies in the data directory: who copies the directory can read encrypted streams; see --root-key-file',
    );
  const source = { rootKey, rootKeyFile, disk, random: nodeRandom, onKeyBesideData };
  return openKeys({
    catalog,
    random: nodeRandom,
    rootKey: await rootKeySource(source),
    onEvent: reporter(logger, 'keys'),
  });
};

/** Starts everything in the order in which it depends on each other, and undoes it if a part fails. */
export const startServer = async (
  settings: Settings,
  logger: Logger,
  parts: Parts = {},
): Promise<RunningServer> => {
  checkSettings(settings);
  await using starting = new AsyncDisposableStack();
  const { durability, accountId, region, tlsKey, tlsCert } = settings;

  const disk = await openDataDirectory(settings.dataDir, starting);
  const dataKeys = new LateDataKeys();
  const engine = await (parts.openLog ?? openEmbeddedLog)({
    disk,
    clock: nodeClock,
    durability,
    cipher: aesBatchCipher(dataKeys, nodeRandom),
    onEvent: reporter(logger, 'log'),
  });
  starting.defer(() => engine.close());
  const catalog = await openCatalog({
    engine,
    clock: nodeClock,
    random: nodeRandom,
    onEvent: reporter(logger, 'catalog'),
  });
  starting.defer(() => catalog.close());
  const keys = await openServerKeys(catalog, settings, disk, logger);
  dataKeys.arrive(streamDataKeys(catalog, keys));
  const telemetry = await openTelemetry({
    engine,
    clock: nodeClock,
    onEvent: reporter(logger, 'telemetry'),
  });
  starting.defer(() => telemetry.close());
  const processWatch = watchProcess();
  starting.defer(() => processWatch.close());
  const limits = limitsOf(settings.limits, Object.fromEntries(settings.limit));
  const limit = callLimit(limits, nodeClock);
  const streams = await openStreams({
    engine,
    catalog,
    keys,
    clock: nodeClock,
    random: nodeRandom,
    onEvent: reporter(logger, 'streams'),
    meter: telemetry.meter,
    limits,
  });
  starting.defer(() => streams.close());

  const kinesis = bindService(kinesisModel, kinesisTable, streams.deps);
  const cloudWatch = bindService(cloudWatchModel, cloudWatchTable, telemetry.deps);
  await makeStreams(kinesis, settings, logger);
  const port = await listen({
    host: settings.host,
    port: settings.port,
    clock: nodeClock,
    tls: () =>
      tlsKey === undefined || tlsCert === undefined
        ? ownCertificate(disk, nodeClock)
        : givenCertificate(tlsKey, tlsCert),
    handle: createPipeline({
      services: [kinesis, cloudWatch],
      clock: nodeClock,
      random: nodeRandom,
      ...(limit === undefined ? {} : { limit }),
      account: { defaultAccountId: accountId, defaultRegion: region },
      onFault: (requestId, error) => logger.error({ requestId, err: error }, 'internal failure'),
    }),
    pages: createPages({ prometheus: () => telemetry.prometheus(processWatch.samples()) }),
    onFault: (error) => logger.error({ err: error }, 'connection failure'),
  });
  const running = starting.move();
  const endpoint = `http://${port.host.includes(':') ? `[${port.host}]` : port.host}:${port.port}`;
  return {
    endpoint,
    async close(drainMs) {
      await port.close(drainMs);
      await running.disposeAsync();
    },
  };
};
