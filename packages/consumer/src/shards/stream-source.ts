import type { StreamMode } from '../leases/lease-item.ts';
import type { Transport } from '../reading/transport.ts';
import type { InitialPosition } from './shard.ts';
import type { StreamIdentity } from './stream-id.ts';

/** A stream that is there to be read. The same object each time, as long as it is the same stream. */
export interface FoundStream {
  readonly identity: StreamIdentity;
  /** That of the consumer where it is undefined. */
  readonly initialPosition?: InitialPosition | undefined;
  readonly transport: Transport;
}

export interface StreamFailure {
  readonly streamName: string;
  readonly error: unknown;
}

export interface Finding {
  /** Those to read from now on. One that could not be looked at stays as it was. */
  readonly streams: readonly FoundStream[];
  readonly failures: readonly StreamFailure[];
}

/** Tells what an application reads. */
export interface StreamSource {
  readonly mode: StreamMode;
  /** Rejects when nothing can be told. */
  find(): Promise<Finding>;
  /** Ends what it keeps open. */
  close(): void;
}

/** The same stream for ever, which is not asked after: its leases are named by its shards alone. */
export const oneStream = (transport: Transport, streamName: string): StreamSource => {
  const streams = [{ identity: { streamName, streamId: undefined }, transport }];
  return {
    mode: 'single',
    find: async () => ({ streams, failures: [] }),
    close: () => transport.close(),
  };
};
