import type { Stream } from '@millrace/catalog';
import type { Meter } from '@millrace/core';
import { Measures } from './measures.ts';
import {
  CONSUMER_METRICS,
  type ConsumerMetric,
  SHARD_METRICS,
  type ShardMetric,
  STREAM_METRICS,
  type StreamMetric,
} from './metric-names.ts';

/** All measures of a stream, and which of its shards' are wanted. */
class MeasuredStream {
  readonly stream: Measures<StreamMetric>;
  readonly consumers = new Map<string, Measures<ConsumerMetric>>();
  readonly shards = new Map<string, ShardMeasures>();

  constructor(meter: Meter, stream: Stream) {
    this.stream = new Measures(meter, STREAM_METRICS, stream);
  }
}

/** A shard's measures; what enhanced monitoring did not ask for is passed over. */
export class ShardMeasures {
  readonly #measures: Measures<ShardMetric>;
  readonly #wanted: ReadonlySet<string>;

  constructor(measures: Measures<ShardMetric>, wanted: ReadonlySet<string>) {
    this.#measures = measures;
    this.#wanted = wanted;
  }

  observe(name: ShardMetric, value: number): void {
    if (this.#wanted.has(name)) this.#measures.observe(name, value);
  }
}

/** Where operations report what they did. A changed stream is a new object and gets its measures anew. */
export class StreamMetrics {
  readonly #meter: Meter;
  readonly #streams = new WeakMap<Stream, MeasuredStream>();

  constructor(meter: Meter) {
    this.#meter = meter;
  }

  of(stream: Stream): Measures<StreamMetric> {
    return this.#measured(stream).stream;
  }

  ofConsumer(stream: Stream, consumerName: string): Measures<ConsumerMetric> {
    const { consumers } = this.#measured(stream);
    const known = consumers.get(consumerName);
    if (known !== undefined) return known;
    const measures = new Measures(this.#meter, CONSUMER_METRICS, stream, [['ConsumerName', consumerName]]);
    consumers.set(consumerName, measures);
    return measures;
  }

  /** Undefined where enhanced monitoring is off. */
  ofShard(stream: Stream, shardId: string): ShardMeasures | undefined {
    const wanted = stream.shardMetrics;
    if (wanted === undefined) return undefined;
    const { shards } = this.#measured(stream);
    const known = shards.get(shardId);
    if (known !== undefined) return known;
    const measures = new Measures(this.#meter, SHARD_METRICS, stream, [['ShardId', shardId]]);
    const shard = new ShardMeasures(measures, new Set(wanted));
    shards.set(shardId, shard);
    return shard;
  }

  #measured(stream: Stream): MeasuredStream {
    const known = this.#streams.get(stream);
    if (known !== undefined) return known;
    const measured = new MeasuredStream(this.#meter, stream);
    this.#streams.set(stream, measured);
    return measured;
  }
}
