/** As in KMS: only an enabled key opens anything. */
export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

/** A key that data keys are wrapped by. Its own material is wrapped by the root key, which is in no log. */
export interface Key {
  /** A UUID, never used twice. */
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  /** AWS: made for a service on first use, and nobody's to switch off. */
  readonly manager: 'AWS' | 'CUSTOMER';
  readonly createdAtMs: number;
  readonly state: KeyState;
  /** When a key that is PendingDeletion goes. */
  readonly deletionAtMs?: number;
  /** Base64. */
  readonly wrapped: string;
}
