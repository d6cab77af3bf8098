import assert from 'node:assert/strict';
import { CreateStreamCommand } from '@aws-sdk/client-kinesis';
import type { Law } from '../producers.ts';
import { type KplWorld, opened, poll } from '../world.ts';
import { manyRecords } from './records.ts';

const COUNT = 50;

/** Puts so many more records and says whether one of them went in an aggregate. */
const isAggregated = async (world: KplWorld, stream: string): Promise<boolean> => {
  const before = (await world.carriers(stream)).length;
  await world.driver.put('careless', stream, manyRecords(COUNT));
  const after = await world.carriers(stream);
  return after.length - before < COUNT && after.some((carrier) => opened(carrier).isAggregate);
};

/** Without a default the library asks DescribeStreamSummary how the stream distributes its records. */
export const strategy: Readonly<Record<string, Law>> = {
  'a stream that goes by partition key is found to do so, and then aggregates': async (world) => {
    await world.createStream('by-key', 2);
    await poll('aggregating', async () => (await isAggregated(world, 'by-key')) || undefined);
  },
  'a stream that distributes records itself is found to do so, and never aggregates': async (world) => {
    await world.kinesis.send(
      new CreateStreamCommand({
        StreamName: 'by-itself',
        StreamModeDetails: { StreamMode: 'ON_DEMAND' },
        RecordDistributionStrategy: 'AUTO',
      }),
    );
    await world.untilActive('by-itself');
    for (let round = 0; round < 3; round++) assert(!(await isAggregated(world, 'by-itself')));
  },
};
