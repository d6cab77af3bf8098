// One worker. All that have the same applicationName share the shards of the stream.
import { createConsumer } from '@millrace/consumer';
import { address } from './service.js';
import { Sightings } from './sightings.js';

const [streamName, file, name] = process.argv.slice(2);
const sightings = new Sightings(file);
/** What it means for the number of shards in hand. */
const HELD = { leaseTaken: 1, leaseLost: -1, leaseReleased: -1 };

const consumer = createConsumer({
  ...address,
  streamName,
  applicationName: `${streamName}-map`,
  workerId: name,
  failoverMs: 1_000, // the shards of a worker that says nothing for so long are free to take; 10 s unless given
  balancing: 'count', // no leader: each worker takes its share by itself
  idleMs: 100,
  parentPollMs: 200,
  onEvent(event) {
    if (event.kind === 'error') console.error(name, event.during, event.error);
    if (event.kind in HELD) sightings.hold(name, HELD[event.kind]);
  },
});
process.once('disconnect', () => consumer.stop()); // main.js lets go of it

await consumer.run(({ partitionKey, data }) => sightings.see(name, partitionKey, JSON.parse(data).number));
sightings.close();
