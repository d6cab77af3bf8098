import { Writable } from 'node:stream';
import type { UserRecord } from '@millrace/aggregation';
import type { Producer } from './producer.ts';

/** Records written before there is room; they wait one by one. */
const HIGH_WATER_MARK = 16;

export const writableOf = (producer: Pick<Producer, 'admit' | 'flush'>): Writable => {
  const stream = new Writable({
    objectMode: true,
    highWaterMark: HIGH_WATER_MARK,
    write(record: UserRecord, _encoding, done) {
      producer.admit(record).then(({ result }) => {
        result.catch((error: Error) => stream.destroy(error));
        done();
      }, done);
    },
    final(done) {
      producer.flush().then(() => done(), done);
    },
  });
  return stream;
};
