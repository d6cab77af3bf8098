/** What a worker told on standard output; `tests/kcl/java/Events.java` writes it. */
interface Told {
  /** Microseconds since 1970, by the clock that all processes of this machine share. */
  readonly atUs: number;
  readonly worker: string;
}

export interface Place {
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
}

export interface InitializedEvent extends Told, Place {
  readonly kind: 'initialized';
  readonly shard: string;
}

export interface RecordEvent extends Told, Place {
  readonly kind: 'record';
  readonly shard: string;
  readonly key: string;
  readonly data: string;
}

export interface ShardEvent extends Told {
  readonly kind: 'leaseLost' | 'shardEnded' | 'shutdownRequested' | 'checkpointed' | 'checkpointRefused';
  readonly shard: string;
}

export interface WorkerEvent extends Told {
  readonly kind: 'state' | 'stopped' | 'ended';
  readonly state?: string;
}

export type KclEvent = InitializedEvent | RecordEvent | ShardEvent | WorkerEvent;

export const isRecord = (event: KclEvent): event is RecordEvent => event.kind === 'record';
export const isInitialized = (event: KclEvent): event is InitializedEvent => event.kind === 'initialized';
export const isOfShard = (event: KclEvent): event is InitializedEvent | RecordEvent | ShardEvent =>
  'shard' in event;

/** A line that a killed process left unfinished is nothing. */
export const parseEvent = (line: string): KclEvent | undefined => {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  return JSON.parse(line) as KclEvent;
};
