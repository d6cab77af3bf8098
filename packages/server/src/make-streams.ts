import type { KinesisOperations } from '@millrace/aws-model/kinesis';
import { type BoundService, type CallContext, ServiceError } from '@millrace/aws-protocol';
import { nodeRandom } from './adapters/node-random.ts';
import { pause } from './adapters/pause.ts';
import type { Settings, StreamToMake } from './config/settings.ts';
import type { Logger } from './logging.ts';

const POLL_MS = 2;

/** Calls an operation as a client would, without a connection. */
const caller =
  (service: BoundService, context: CallContext) =>
  async <Name extends keyof KinesisOperations>(
    name: Name,
    input: KinesisOperations[Name]['input'],
  ): Promise<KinesisOperations[Name]['output']> => {
    const handler = service.handlers.get(name);
    if (typeof handler !== 'function') throw new Error(`${name} has no handler`);
    return (await handler(input, context)) as KinesisOperations[Name]['output'];
  };

const makeStream = async (
  kinesis: BoundService,
  wanted: StreamToMake,
  settings: Settings,
): Promise<boolean> => {
  const call = caller(kinesis, {
    requestId: nodeRandom.uuid(),
    account: settings.accountId,
    region: wanted.region ?? settings.region,
    signal: AbortSignal.any([]),
  });
  try {
    await call('CreateStream', { StreamName: wanted.name, ShardCount: wanted.shardCount });
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceInUseException') return false;
    throw error;
  }
  const status = async () =>
    (await call('DescribeStreamSummary', { StreamName: wanted.name })).StreamDescriptionSummary.StreamStatus;
  while ((await status()) !== 'ACTIVE') await pause(POLL_MS);
  return true;
};

/** Makes the streams of `--stream` that do not exist, and waits until they can be written. */
export const makeStreams = async (
  kinesis: BoundService,
  settings: Settings,
  logger: Logger,
): Promise<void> => {
  for (const wanted of settings.stream) {
    if (await makeStream(kinesis, wanted, settings)) logger.info(wanted, 'stream made');
  }
};
