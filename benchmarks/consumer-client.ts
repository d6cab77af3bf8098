/**
 * One worker of ours that counts what it reads, in a process of its own. Arguments are words as `stream=bench`, the
 * same as those of kcl/KclClient.java, and so are the lines on standard output:
 *
 *   initialized SHARD    a processor begins
 *   records COUNT        each second
 *   warm COUNT           from here on seconds count
 *   done RECORDS BYTES SECONDS CPU_SECONDS
 */
import { createConsumer, type RecordProcessor, type Settings } from '@millrace/consumer';

const given = Object.fromEntries(process.argv.slice(2).map((word) => word.split(/=(.*)/s)));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const [warmRecords, totalRecords] = [Number(given.warmRecords), Number(given.totalRecords)];

let records = 0;
let bytes = 0;
let started: { readonly ms: number; readonly cpu: NodeJS.CpuUsage } | undefined;

const tellDone = ({ ms, cpu }: NonNullable<typeof started>): void => {
  const { user, system } = process.cpuUsage(cpu);
  say(`done ${records} ${bytes} ${(performance.now() - ms) / 1e3} ${(user + system) / 1e6}`);
};

const add = (moreRecords: number, moreBytes: number): void => {
  const wasDone = records >= totalRecords;
  records += moreRecords;
  bytes += moreBytes;
  if (started === undefined && records >= warmRecords) {
    started = { ms: performance.now(), cpu: process.cpuUsage() };
    say(`warm ${records}`);
  }
  if (!wasDone && records >= totalRecords && started !== undefined) tellDone(started);
};

const settings: Partial<Settings> = JSON.parse(given.settings ?? '{}');
const consumer = createConsumer({
  ...settings,
  streamName: given.stream ?? '',
  applicationName: given.application ?? '',
  workerId: given.worker,
  failoverMs: Number(given.failoverMs),
  idleMs: Number(given.idleMs),
  endpoint: given.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  onEvent: (event) => {
    if (event.kind === 'leaseTaken' && given.form === 'run') say(`initialized ${event.shardId}`);
    if (event.kind === 'error') process.stderr.write(`${event.during}: ${event.error}\n`);
  },
});

/** Looks at each record's data, and checkpoints batch by batch. */
const countingProcessor = (shardId: string): RecordProcessor => ({
  initialize: async () => say(`initialized ${shardId}`),
  processRecords: async (batch) => {
    let moreBytes = 0;
    for (const { data } of batch.records) moreBytes += data.length;
    add(batch.records.length, moreBytes);
    if (batch.records.length > 0) await batch.checkpointer.checkpoint();
  },
  shardEnded: (checkpointer) => checkpointer.checkpoint(),
});

setInterval(() => say(`records ${records}`), 1_000).unref();
process.once('SIGTERM', () => void consumer.stop());
await (given.form === 'run'
  ? consumer.run(({ data }) => add(1, data.length))
  : consumer.runProcessors(countingProcessor));
