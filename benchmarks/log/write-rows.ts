import { measurePuts } from '../put.ts';
import { measureScale } from '../scale.ts';
import { number, type PutLoad, putRecordLoad, putRecordsLoad } from '../workloads.ts';
import { percent, type Row } from './row.ts';

const putRow = (load: PutLoad, toReach: string): Row => ({
  question: `${load.name}, 50 shards`,
  toReach,
  async measure({ small }) {
    const { floor, durable } = await measurePuts(
      load,
      small ? { rounds: 1, seconds: 0.2 } : { rounds: 5, seconds: 2 },
    );
    const rate = ((durable * load.recordBytes) / 1e6).toFixed(1);
    const floorRate = ((floor * load.recordBytes) / 1e6).toFixed(1);
    return `${percent(durable, floor)}: ${number(durable)}/s, ${rate} MB/s (floor ${floorRate})`;
  },
});

const scaleRow: Row = {
  question: 'the same PutRecords on 1, 100 and 1,000 shards',
  toReach: '80 % of 1 shard at 1,000',
  async measure({ small }) {
    const size = small
      ? { shardCounts: [1, 50], rounds: 1, seconds: 0.2 }
      : { shardCounts: [1, 100, 1_000], rounds: 5, seconds: 2 };
    const results = await measureScale(size);
    const one = results[0]?.recordsPerSecond ?? Number.NaN;
    return results
      .map(
        ({ shardCount, recordsPerSecond }) =>
          `${number(shardCount)}: ${number(recordsPerSecond)}/s (${percent(recordsPerSecond, one)})`,
      )
      .join(', ');
  },
};

export const WRITE_ROWS: readonly Row[] = [
  putRow(putRecordsLoad(), '80 % of the floor, 200 MB/s'),
  putRow(putRecordLoad(), '80 % of the floor'),
  scaleRow,
];
