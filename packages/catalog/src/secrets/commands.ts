/** The key under which iterators and page tokens are sealed; 32 bytes as base64. */
interface SetTokenKey {
  readonly type: 'secrets.set-token-key.v1';
  readonly key: string;
}

export type SecretsCommand = SetTokenKey;

export interface SecretsRefusal {
  readonly reason: 'secret-exists';
}
