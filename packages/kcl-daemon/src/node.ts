import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { definedOnly, keepAliveHandler, type MetricSink, nodeClock } from '@millrace/client-common';
import {
  type Consumer,
  type CreateConsumerOptions,
  createConsumer,
  DynamoLeaseStore,
  SETTINGS,
} from '@millrace/consumer';
import type { Child, ChildExit, Spawn } from './child/child.ts';
import type { DaemonConfig, ServiceAddress } from './config/config.ts';
import { type ReadConfig, readConfig } from './config/read-config.ts';
import { credentialProvider } from './credential-providers.ts';
import { Daemon, type ProcessorRunner } from './daemon.ts';
import { DaemonError } from './errors.ts';
import type { Report } from './event.ts';
import { decodeProperties } from './properties/parse-properties.ts';

/** A pipe that breaks has ended: how its process ended says why. */
async function* untilBroken(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch {
    return;
  }
}

const exitOf = (child: ChildProcess): Promise<ChildExit> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
  });

const isWindows = process.platform === 'win32';

/** Whoever of the group is left, though its first process may have ended just now. */
const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    if (isWindows) child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is.
  }
};

/**
 * In a group of its own, so that the interrupt key of a terminal reaches the daemon alone, which then asks its
 * children to shut down.
 */
export const spawnChild: Spawn = ([program = '', ...args]): Child => {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: !isWindows });
  // A broken pipe is told to whoever writes.
  child.stdin.on('error', () => {});
  return {
    pid: child.pid,
    output: untilBroken(child.stdout),
    errorOutput: untilBroken(child.stderr),
    write: (text) =>
      new Promise((resolve, reject) => {
        child.stdin.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    closeInput: () => void child.stdin.end(),
    kill: () => killGroup(child),
    exited: exitOf(child),
  };
};

/** Reads a properties file. Throws a `DaemonError` with all that is wrong in it. */
export const loadConfig = async (path: string): Promise<ReadConfig> => {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new DaemonError('BadProperties', `cannot read the properties: ${message}`, { cause });
  }
  try {
    return readConfig(decodeProperties(bytes));
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error;
    throw new DaemonError(error.code, `${path}: ${error.message}`, { cause: error });
  }
};

const clientOptions = ({ endpoint, region, credentials }: ServiceAddress) =>
  definedOnly({ endpoint, region, credentials: credentialProvider(credentials) });

/** One that does not repeat what it sends: the consumer knows better what is worth another try. */
const tableClient = (address: ServiceAddress): DynamoDBClient => {
  const requestTimeoutMs = SETTINGS.requestTimeoutMs.default;
  const connectionsMax = SETTINGS.connectionsMax.default;
  const connectTimeoutMs = requestTimeoutMs;
  const requestHandler = keepAliveHandler({ connectionsMax, requestTimeoutMs, connectTimeoutMs });
  return new DynamoDBClient({ ...clientOptions(address), requestHandler, maxAttempts: 1 });
};

/** Sends metrics; its client is made with the first of them. */
class CloudWatchSink {
  readonly #address: ServiceAddress;
  #client: CloudWatchClient | undefined;

  constructor(address: ServiceAddress) {
    this.#address = address;
  }

  readonly send: MetricSink = async (input) => {
    const { CloudWatchClient, PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
    this.#client ??= new CloudWatchClient(clientOptions(this.#address));
    return this.#client.send(new PutMetricDataCommand(input));
  };

  destroy(): void {
    this.#client?.destroy();
  }
}

const consumerOf = (config: DaemonConfig, owned: Owned[], report: Report): Consumer => {
  const { applicationName, tableName, streamName, streamArn, workerId, initialPosition } = config;
  const { consumerName, consumerArn, kinesis, settings } = config;
  const dynamodb = tableClient(config.dynamodb);
  const metrics = new CloudWatchSink(config.cloudWatch);
  owned.push(dynamodb, metrics);
  const leaseStore =
    tableName === applicationName ? undefined : new DynamoLeaseStore(dynamodb, tableName, nodeClock);
  const options: CreateConsumerOptions = {
    ...clientOptions(kinesis),
    ...settings,
    ...(streamArn === undefined ? { streamName } : { streamArn }),
    ...definedOnly({ workerId, consumerName, consumerArn, leaseStore }),
    ...{ applicationName, initialPosition, dynamodb, metricSink: metrics.send, onEvent: report },
  };
  return createConsumer(options);
};

interface Owned {
  destroy(): void;
}

/** The daemon of a properties file that was read. */
export const createDaemon = (config: DaemonConfig, report: Report): Daemon => {
  const owned: Owned[] = [];
  const consumer = consumerOf(config, owned, report);
  const runner: ProcessorRunner = {
    runProcessors: (make) =>
      consumer.runProcessors(make).finally(() => {
        for (const client of owned) client.destroy();
      }),
    stop: () => consumer.stop(),
  };
  return new Daemon({ ...config, consumer: runner, spawn: spawnChild, clock: nodeClock, report });
};
