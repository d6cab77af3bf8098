import { KEY_BYTES } from './envelope.ts';

/** Where the key above all keys is: outside the logs that it protects. */
export interface RootKeySource {
  /** 32 bytes; undefined when there is none yet. */
  read(): Promise<Uint8Array | undefined>;
  /** Makes one that `read` finds from now on; called when the first key is made. */
  make(): Promise<Uint8Array>;
}

/** The root key is missing, malformed or not the one that the keys were locked with. */
export class RootKeyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RootKeyError';
  }
}

const BASE64_FORM = /^[A-Za-z0-9+/]{43}=$/;

/** Reads 32 bytes of base64; `from` says where the text was found. */
export const parseRootKey = (text: string, from: string): Uint8Array => {
  const trimmed = text.trim();
  if (!BASE64_FORM.test(trimmed)) {
    throw new RootKeyError(
      `${from} does not hold a root key: give ${KEY_BYTES} bytes in base64, as 'openssl rand -base64 ${KEY_BYTES}' makes them.`,
    );
  }
  return Buffer.from(trimmed, 'base64');
};
