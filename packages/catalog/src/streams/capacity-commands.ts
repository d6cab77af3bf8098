import type { RecordDistribution, StreamId, StreamMode } from './stream.ts';

interface SetRecordSize {
  readonly type: 'streams.set-record-size.v1';
  readonly id: StreamId;
  readonly maxRecordBytes: number;
}

/** The shards stay as they are. */
interface SetMode {
  readonly type: 'streams.set-mode.v1';
  readonly id: StreamId;
  readonly mode: StreamMode;
  readonly warmThroughputMibps?: number;
  /** On-demand streams that the account may have in the region. */
  readonly onDemandMax?: number;
  /** Open shards that the account may have in the region. */
  readonly shardsMax: number;
}

/** Shards are made for it at once; fewer are left to on-demand scaling. */
interface SetWarmThroughput {
  readonly type: 'streams.set-warm-throughput.v1';
  readonly id: StreamId;
  readonly warmThroughputMibps: number;
  readonly shardsMax: number;
}

interface SetRecordDistribution {
  readonly type: 'streams.set-record-distribution.v1';
  readonly id: StreamId;
  readonly recordDistribution: RecordDistribution;
}

/** What was written to an on-demand stream at its busiest moment today, in shards that it would fill. */
interface NoteWritePeak {
  readonly type: 'streams.note-write-peak.v1';
  readonly id: StreamId;
  readonly shards: number;
}

/** An update that changes no shards is over. */
interface FinishUpdate {
  readonly type: 'streams.finish-update.v1';
  readonly id: StreamId;
}

export type CapacityCommand =
  | SetRecordSize
  | SetMode
  | SetWarmThroughput
  | SetRecordDistribution
  | NoteWritePeak
  | FinishUpdate;

export type CapacityRefusal =
  | { readonly reason: 'too-many-on-demand'; readonly onDemandCount: number; readonly onDemandMax: number }
  | { readonly reason: 'too-many-creating-streams'; readonly creatingMax: number }
  | { readonly reason: 'not-on-demand' | 'distribution-is-auto' | 'not-updating' };
