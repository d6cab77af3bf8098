import type { Clock } from './clock.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type { IteratorStart, RecordsAnswer, Transport } from './reading/transport.ts';
import type { InitialPosition, Shard } from './shards/shard.ts';
import { timed } from './timed.ts';

/** The same store, each call of which ends in time. */
export const timedStore = (store: LeaseStore, clock: Clock, timeoutMs: number): LeaseStore => ({
  // It waits by itself.
  prepare: (signal) => store.prepare(signal),
  list: () => timed(clock, timeoutMs, () => store.list()),
  get: (leaseKey) => timed(clock, timeoutMs, () => store.get(leaseKey)),
  create: (lease) => timed(clock, timeoutMs, () => store.create(lease)),
  update: (seen, change) => timed(clock, timeoutMs, () => store.update(seen, change)),
  remove: (seen) => timed(clock, timeoutMs, () => store.remove(seen)),
});

/** A transport whose calls end by themselves, so that nobody hands in a signal. */
export interface TimedTransport {
  listShards(openAt?: InitialPosition): Promise<readonly Shard[]>;
  getIterator(shardId: string, start: IteratorStart): Promise<string>;
  getRecords(iterator: string, recordsMax: number): Promise<RecordsAnswer>;
}

export const timedTransport = (transport: Transport, clock: Clock, timeoutMs: number): TimedTransport => ({
  listShards: (openAt) => timed(clock, timeoutMs, (signal) => transport.listShards(openAt, signal)),
  getIterator: (shardId, start) =>
    timed(clock, timeoutMs, (signal) => transport.getIterator(shardId, start, signal)),
  getRecords: (iterator, recordsMax) =>
    timed(clock, timeoutMs, (signal) => transport.getRecords(iterator, recordsMax, signal)),
});
