/** The program of `consumer-process.ts`: a worker of `@millrace/consumer` that tells what `java/` tells. */
import {
  type Checkpointer,
  type ConsumerEvent,
  createConsumer,
  type RecordBatch,
  type RecordProcessor,
} from '@millrace/consumer';
import type { ConsumerOptions } from './worker-options.ts';

const [endpoint = '', given = '{}'] = process.argv.slice(2);
const { worker, application, stream, balancing }: ConsumerOptions = JSON.parse(given);

const nowUs = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);

const tell = (kind: string, fields: object = {}): void => {
  process.stdout.write(`${JSON.stringify({ atUs: nowUs(), worker, kind, ...fields })}\n`);
};

/** What is told is told before the checkpoint is written, as in Java: a killed process leaves nothing untold. */
const processorOf = (shard: string): RecordProcessor => ({
  initialize: ({ checkpoint }) => tell('initialized', { shard, ...checkpoint }),
  async processRecords({ records, checkpointer }: RecordBatch) {
    for (const { sequenceNumber, subSequenceNumber, partitionKey: key, data } of records)
      tell('record', { shard, sequenceNumber, subSequenceNumber, key, data: String(data) });
    if (records.length > 0) await checkpointer.checkpoint();
  },
  leaseLost: () => tell('leaseLost', { shard }),
  async shardEnded(checkpointer: Checkpointer) {
    tell('shardEnded', { shard });
    await checkpointer.checkpoint();
  },
  async shutdownRequested(checkpointer: Checkpointer) {
    tell('shutdownRequested', { shard });
    await checkpointer.checkpoint();
  },
});

/** In the form of the Java library's log. */
const mind = (event: ConsumerEvent): void => {
  if (event.kind !== 'error') return;
  const { during, shardId = '', error } = event;
  process.stderr.write(`0 [${worker}] ERROR ${during} ${shardId} - ${error}\n`);
};

const consumer = createConsumer({
  streamName: stream,
  applicationName: application,
  workerId: worker,
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  onEvent: mind,
  // The same as in java/: workers of one application must agree on it.
  balancing,
  failoverMs: 2_000,
  leaderLeaseMs: 4_000,
  leaderHeartbeatMs: 1_000,
  workerReportMs: 1_000,
  varianceBalancingFrequency: 1,
  // Java finds no measure of a processor outside of EC2 and ECS; workers of unlike measures are not balanced.
  workerMetrics: 'throughput',
  parentPollMs: 500,
  auditMs: 1_000,
  cleanupMs: 1_000,
  idleMs: 200,
  metricsLevel: 'none',
});
process.stdin.resume().on('end', () => void consumer.stop());
await consumer.runProcessors(processorOf);
tell('ended');
process.exit(0);
