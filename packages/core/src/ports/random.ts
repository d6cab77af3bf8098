/** Chance as an argument: tokens, ids and secrets come from here. */
export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array<ArrayBuffer>;
  /** A version 4 UUID in lower case. */
  uuid(): string;
}
