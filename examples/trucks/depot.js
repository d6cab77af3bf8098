// One depot: a producer that all of its trucks send their positions through.
import { setTimeout as pause } from 'node:timers/promises';
import { createProducer } from '@millrace/producer';
import { address } from './service.js';

const [streamName, positions, ...trucks] = process.argv.slice(2);
const producer = createProducer({ ...address, streamName });

/** The next position waits for the last to be acknowledged: that is what keeps a truck's positions in order. */
const drive = async (truck) => {
  const heading = Math.random() * 2 * Math.PI;
  for (let number = 1; number <= Number(positions); number++) {
    const latitude = 51 + Math.sin(heading) * number * 0.001;
    const longitude = 10 + Math.cos(heading) * number * 0.001;
    await producer.put({
      partitionKey: truck,
      data: Buffer.from(JSON.stringify({ number, latitude, longitude })),
    });
    await pause(Math.random() * 20);
  }
};

await Promise.all(trucks.map(drive));
await producer.close();
