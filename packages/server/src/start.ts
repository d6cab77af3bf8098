import { cloudWatchModel } from '@millrace/aws-model/cloudwatch';
import { dynamoDbModel } from '@millrace/aws-model/dynamodb';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { stsModel } from '@millrace/aws-model/sts';
import { bindService, createPipeline, listen } from '@millrace/aws-protocol';
import { type Catalog, openCatalog } from '@millrace/catalog';
import { type Disk, MemoryDisk } from '@millrace/core';
import { type Keys, openKeys, stsTable } from '@millrace/identity';
import { aesBatchCipher, type LogEngine, LogError } from '@millrace/log';
import { EmbeddedLog, openEmbeddedLog } from '@millrace/log-embedded';
import { callLimit, kinesisTable, limitsOf, openStreams, streamDataKeys } from '@millrace/streams';
import { dynamoDbTable, openTables } from '@millrace/tables';
import { cloudWatchTable, openTelemetry } from '@millrace/telemetry';
import { givenCertificate, ownCertificate } from './adapters/certificate.ts';
import { dataDirectory, type HeldDirectory } from './adapters/data-directory.ts';
import { nodeClock } from './adapters/node-clock.ts';
import { nodeRandom } from './adapters/node-random.ts';
import { watchProcess } from './adapters/process-samples.ts';
import { rootKeySource } from './adapters/root-key.ts';
import { serveSnapshots } from './adapters/snapshot-server.ts';
import { checkSettings } from './config/rules.ts';
import type { Settings } from './config/settings.ts';
import { HealthReport } from './health/health-report.ts';
import { hearCatalog, hearEngine, hearReserve } from './health/hear.ts';
import { LateDataKeys } from './late-data-keys.ts';
import { type Logger, reporter } from './logging.ts';
import { makeStreams } from './make-streams.ts';
import { createPages } from './pages.ts';
import { Reserve } from './reserve.ts';
import { reservedLog } from './reserved-log.ts';
import { StoreUnreadable } from './store-unreadable.ts';

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

type DataDirectory = Pick<HeldDirectory, 'disk' | 'servesAt'>;

const openDataDirectory = async (dataDir: string, owned: AsyncDisposableStack): Promise<DataDirectory> => {
  if (dataDir === ':memory:') return { disk: new MemoryDisk(), servesAt: () => {} };
  const held = await dataDirectory(dataDir);
  owned.defer(held.release);
  return held;
};

/** On a full disk the reserve is what a start needs. The store's own words name file and byte, and not the directory. */
const openStore = async (
  dataDir: string,
  reserve: Reserve,
  open: () => Promise<LogEngine>,
): Promise<LogEngine> => {
  try {
    return await open().catch(async (error: unknown) => {
      if (!(error instanceof LogError) || error.code !== 'full') throw error;
      await reserve.release();
      return open();
    });
  } catch (error) {
    throw error instanceof LogError ? new StoreUnreadable(dataDir, error) : error;
  }
};

/** To commands on this machine, by way of the data directory. */
const offerSnapshots = async (
  engine: LogEngine,
  dataDir: string,
  owned: AsyncDisposableStack,
): Promise<void> => {
  if (dataDir === ':memory:' || !(engine instanceof EmbeddedLog)) return;
  const snapshots = await serveSnapshots(dataDir, () => engine.snapshot());
  owned.defer(() => snapshots.close());
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

  const { disk, servesAt } = await openDataDirectory(settings.dataDir, starting);
  const dataKeys = new LateDataKeys();
  const health = new HealthReport(nodeClock, logger);
  const reserve = new Reserve({ disk, random: nodeRandom, clock: nodeClock, onChange: hearReserve(health) });
  starting.defer(() => reserve.close());
  const open = () =>
    (parts.openLog ?? openEmbeddedLog)({
      disk,
      clock: nodeClock,
      durability,
      cipher: aesBatchCipher(dataKeys, nodeRandom),
      onEvent: reporter(logger, 'log', hearEngine(health)),
    });
  const store = await openStore(settings.dataDir, reserve, open);
  starting.defer(() => store.close());
  await offerSnapshots(store, settings.dataDir, starting);
  await reserve.take();
  const engine = reservedLog(store, reserve);
  const catalog = await openCatalog({
    engine,
    clock: nodeClock,
    random: nodeRandom,
    onEvent: reporter(logger, 'catalog', hearCatalog(health)),
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
  const tables = await openTables({
    engine,
    clock: nodeClock,
    random: nodeRandom,
    onEvent: reporter(logger, 'tables'),
  });
  starting.defer(() => tables.close());

  const kinesis = bindService(kinesisModel, kinesisTable, streams.deps);
  const cloudWatch = bindService(cloudWatchModel, cloudWatchTable, telemetry.deps);
  const dynamoDb = bindService(dynamoDbModel, dynamoDbTable, tables.deps);
  const sts = bindService(stsModel, stsTable, {});
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
      services: [kinesis, cloudWatch, dynamoDb, sts],
      clock: nodeClock,
      random: nodeRandom,
      ...(limit === undefined ? {} : { limit }),
      account: { defaultAccountId: accountId, defaultRegion: region },
      onFault: (requestId, error) => logger.error({ requestId, err: error }, 'internal failure'),
    }),
    pages: createPages({
      health: () => health.answer(),
      prometheus: () => telemetry.prometheus([...health.samples(), ...processWatch.samples()]),
    }),
    onFault: (error) => logger.error({ err: error }, 'connection failure'),
  });
  const endpoint = `http://${port.host.includes(':') ? `[${port.host}]` : port.host}:${port.port}`;
  servesAt(endpoint);
  const running = starting.move();
  return {
    endpoint,
    async close(drainMs) {
      await port.close(drainMs);
      await running.disposeAsync();
    },
  };
};
