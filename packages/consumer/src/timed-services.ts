import { type Clock, timed } from '@millrace/client-common';
import type { FleetStore } from './leases/fleet-store.ts';
import type { LeaseStore } from './leases/lease-store.ts';
import type {
  IteratorStart,
  RecordsAnswer,
  RecordsEvent,
  StreamConsumerState,
  SubscribeRequest,
  Transport,
} from './reading/transport.ts';
import type { InitialPosition, Shard } from './shards/shard.ts';

const timedFleet = (fleet: FleetStore, clock: Clock, timeoutMs: number): FleetStore => ({
  prepare: () => timed(clock, timeoutMs, () => fleet.prepare()),
  view: () => timed(clock, timeoutMs, () => fleet.view()),
  assignedTo: (workerId) => timed(clock, timeoutMs, () => fleet.assignedTo(workerId)),
  handOver: (seen, owner) => timed(clock, timeoutMs, () => fleet.handOver(seen, owner)),
  leader: () => timed(clock, timeoutMs, () => fleet.leader()),
  replaceLeader: (seen, next) => timed(clock, timeoutMs, () => fleet.replaceLeader(seen, next)),
  report: (row) => timed(clock, timeoutMs, () => fleet.report(row)),
  forget: (row) => timed(clock, timeoutMs, () => fleet.forget(row)),
});

/** The same store, each call of which ends in time. */
export const timedStore = (store: LeaseStore, clock: Clock, timeoutMs: number): LeaseStore => ({
  // It waits by itself.
  prepare: (signal) => store.prepare(signal),
  list: () => timed(clock, timeoutMs, () => store.list()),
  get: (leaseKey) => timed(clock, timeoutMs, () => store.get(leaseKey)),
  create: (lease) => timed(clock, timeoutMs, () => store.create(lease)),
  update: (seen, change) => timed(clock, timeoutMs, () => store.update(seen, change)),
  remove: (seen) => timed(clock, timeoutMs, () => store.remove(seen)),
  fleet: store.fleet && timedFleet(store.fleet, clock, timeoutMs),
});

/** A transport whose calls end by themselves, so that nobody hands in a signal. */
export interface TimedTransport {
  listShards(openAt?: InitialPosition): Promise<readonly Shard[]>;
  getIterator(shardId: string, start: IteratorStart): Promise<string>;
  getRecords(iterator: string, recordsMax: number): Promise<RecordsAnswer>;
  registerConsumer(name: string): Promise<StreamConsumerState>;
  describeConsumer(consumerArn: string): Promise<StreamConsumerState>;
  /** Not timed: it lasts, and whoever waits for its events says for how long. */
  subscribe(request: SubscribeRequest, signal: AbortSignal): AsyncIterable<RecordsEvent>;
}

export const timedTransport = (transport: Transport, clock: Clock, timeoutMs: number): TimedTransport => ({
  listShards: (openAt) => timed(clock, timeoutMs, (signal) => transport.listShards(openAt, signal)),
  getIterator: (shardId, start) =>
    timed(clock, timeoutMs, (signal) => transport.getIterator(shardId, start, signal)),
  getRecords: (iterator, recordsMax) =>
    timed(clock, timeoutMs, (signal) => transport.getRecords(iterator, recordsMax, signal)),
  registerConsumer: (name) => timed(clock, timeoutMs, (signal) => transport.registerConsumer(name, signal)),
  describeConsumer: (consumerArn) =>
    timed(clock, timeoutMs, (signal) => transport.describeConsumer(consumerArn, signal)),
  subscribe: (request, signal) => transport.subscribe(request, signal),
});
