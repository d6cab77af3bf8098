import assert from 'node:assert/strict';
import { UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import type { GivenRecord, KplOutcome } from '../driver.ts';
import type { Law } from '../producers.ts';
import { opened } from '../world.ts';

const BATCH = 300;
const SHARD_COUNTS = [4, 2, 3];

const batch = (first: number): GivenRecord[] =>
  Array.from({ length: BATCH }, (_, index) => ({
    partitionKey: `customer ${index % 97}`,
    data: Buffer.from(`order ${first + index}`),
  }));

export const resharding: Readonly<Record<string, Law>> = {
  'while the stream is resharded every acknowledged record can be read where its result says': async (
    world,
  ) => {
    const StreamName = 'resharded';
    await world.createStream(StreamName, 2);
    const outcomes: KplOutcome[] = [];
    const put = async (): Promise<void> => {
      outcomes.push(...(await world.driver.put('trusting', StreamName, batch(outcomes.length))));
    };
    await put();
    for (const TargetShardCount of SHARD_COUNTS) {
      const changing = world.kinesis
        .send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }))
        .then(() => world.untilActive(StreamName));
      await Promise.all([changing, put()]);
      await put();
    }
    assert(outcomes.every(({ successful }) => successful));

    const places = new Set(
      (await world.carriers(StreamName)).flatMap((carrier) =>
        opened(carrier).records.map(
          ({ data }) => `${Buffer.from(data)} ${carrier.shardId} ${carrier.sequenceNumber}`,
        ),
      ),
    );
    for (const [number, { shardId, sequenceNumber }] of outcomes.entries()) {
      assert(places.has(`order ${number} ${shardId} ${sequenceNumber}`), `order ${number}`);
    }
    const codes = new Set(outcomes.flatMap(({ attempts }) => attempts.map(({ errorCode }) => errorCode)));
    assert.deepEqual([...codes].sort(), ['', 'Wrong Shard']);
  },
};
