/** A worker in a process of its own, which tells on standard output what it does: `record KEY DATA`, or an event. */
import { createConsumer } from '@millrace/consumer';

const [endpoint = '', streamName = '', workerId = '', quick = '{}'] = process.argv.slice(2);

const consumer = createConsumer({
  streamName,
  applicationName: `${streamName}-application`,
  workerId,
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  onEvent: ({ kind }) => void process.stdout.write(`${kind}\n`),
  ...JSON.parse(quick),
});
// It does not outlive who started it.
process.stdin.resume().on('end', () => void consumer.stop());
await consumer.run(({ partitionKey, data }) => void process.stdout.write(`record ${partitionKey} ${data}\n`));
process.exit(0);
