import { installFlink } from '../../../scripts/clients/install-flink.ts';
import { testClient } from '../../clients/run-client.ts';

/** One short run: the optimising compiler costs more than it brings. Flink looks into the lists it serialises. */
const FLAGS = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-Xmx512m',
  '--add-opens=java.base/java.util=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
];

const SOURCE_LAWS = [
  'reads every record of all shards, a closed one too, from TRIM_HORIZON',
  'follows a split and a merge while the job runs',
  'goes on from a checkpoint after a crash, each record counted once',
  'goes on from a savepoint in another job, each record counted once',
  'AT_TIMESTAMP starts with the records of that time',
];
const SINK = 'KinesisStreamsSink';
const SINK_LAWS = ['writes every record once, under its partition key, over all shards'];

testClient("Apache Flink's Kinesis connector", {
  prepare: async (installer) => ({
    command: 'java',
    args: [...FLAGS, '-cp', await installFlink(installer), 'Main'],
  }),
  variants: [
    'KinesisStreamsSource, polling',
    'FlinkKinesisConsumer, polling',
    'FlinkKinesisConsumer, EFO',
    SINK,
  ],
  laws: (variant) => (variant === SINK ? SINK_LAWS : SOURCE_LAWS),
  streamName: 'from-flink',
  // A minute on a machine of its own; each of sixteen jobs starts a cluster.
  timeoutMs: 240_000,
});
