/**
 * Why a key cannot be used, in the words of KMS. `invalid-state`: it is going to be deleted. `unreadable`: what it
 * should open was not locked by it, or not for this purpose.
 */
export type KeyErrorCode = 'not-found' | 'disabled' | 'invalid-state' | 'unreadable';

export class KeyError extends Error {
  readonly code: KeyErrorCode;
  constructor(code: KeyErrorCode, message: string) {
    super(message);
    this.name = 'KeyError';
    this.code = code;
  }
}

/** What a data key is for. It is opened only for the same purpose, to the letter. */
export type KeyPurpose = Readonly<Record<string, string>>;

export interface KeyRequest {
  /** Whose request it is, and where. */
  readonly account: string;
  readonly region: string;
  /** A key's id or ARN, an alias (`alias/name`) or its ARN. */
  readonly keyId: string;
  readonly purpose: KeyPurpose;
}

export interface WrappedDataKey {
  /** Of the key that opens it. */
  readonly keyArn: string;
  /** Base64; of no use without that key. */
  readonly wrapped: string;
}

/**
 * The keys of all accounts, for services that encrypt: envelopes only, as KMS has it. A service keeps the wrapped
 * data key beside its data and has it opened when it needs it.
 */
export interface KeyService {
  /** A new data key of 32 bytes, wrapped. Rejects with a `KeyError`. */
  generateDataKey(request: KeyRequest): Promise<WrappedDataKey>;
  /**
   * The data key. Throws a `KeyError` when its key cannot be used at this moment, so ask every time; that is cheap
   * enough for every batch of records.
   */
  openDataKey(dataKey: WrappedDataKey, purpose: KeyPurpose): Uint8Array;
}
