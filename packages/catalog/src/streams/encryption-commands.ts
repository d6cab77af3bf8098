import type { StreamDataKey } from './encryption.ts';
import type { StreamId } from './stream.ts';

/** Every start takes a new data key, the same key of the customer or another. */
interface StartEncryption {
  readonly type: 'streams.start-encryption.v1';
  readonly id: StreamId;
  readonly keyId: string;
  readonly dataKey: Omit<StreamDataKey, 'retiredAtMs'>;
}

interface StopEncryption {
  readonly type: 'streams.stop-encryption.v1';
  readonly id: StreamId;
}

export type EncryptionCommand = StartEncryption | StopEncryption;
