import type { Checkpoint } from '../leases/checkpoint.ts';

/** What an application put into the stream. */
export interface ConsumedRecord extends Checkpoint {
  readonly streamName: string;
  readonly shardId: string;
  readonly partitionKey: string;
  /** Decimal text; only of a record that came in an aggregate and was placed by it. */
  readonly explicitHashKey?: string | undefined;
  readonly data: Buffer;
  readonly arrived: Date;
}
