import { compareCheckpoints } from '../leases/checkpoint.ts';
import type { PoisonGuard } from './poison.ts';
import type { RecordBatch, RecordProcessor } from './record-processor.ts';

/** What a failed attempt has checkpointed is not handed over again. */
const undone = (batch: RecordBatch): RecordBatch => {
  const { last } = batch.checkpointer;
  const [first] = batch.records;
  if (first === undefined || compareCheckpoints(first, last) > 0) return batch;
  return { ...batch, records: batch.records.filter((record) => compareCheckpoints(record, last) > 0) };
};

/** The same processor, whose failures are met as the poison policy says. */
export const guarded = (processor: RecordProcessor, guard: PoisonGuard): RecordProcessor => ({
  initialize: (beginning) => processor.initialize?.(beginning),
  processRecords: (batch) =>
    guard.run(batch.records, batch.signal, () => processor.processRecords(undone(batch))),
  leaseLost: () => processor.leaseLost?.(),
  shardEnded: (checkpointer) => processor.shardEnded(checkpointer),
  shutdownRequested: (checkpointer) => processor.shutdownRequested?.(checkpointer),
});
