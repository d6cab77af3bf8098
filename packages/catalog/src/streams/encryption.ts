import type { DataKeyId } from '@millrace/core';

/** How records are stored from now on. */
export type Encryption =
  | { readonly type: 'NONE' }
  | {
      readonly type: 'KMS';
      /** As it was asked for, which is how AWS shows it. */
      readonly keyId: string;
      readonly dataKey: DataKeyId;
    };

/** A stream's own key: what its records are encrypted with. Useless without the key that it is wrapped by. */
export interface StreamDataKey {
  /** Begins with the stream's id. */
  readonly id: DataKeyId;
  readonly keyArn: string;
  /** Base64. */
  readonly wrapped: string;
  /** Nothing is encrypted with it any more since then. */
  readonly retiredAtMs?: number;
}
