export interface SecretsView {
  /** 32 bytes; there from the moment the catalog is open. */
  readonly tokenKey: Uint8Array | undefined;
}

export interface SecretsSnapshot {
  readonly tokenKey?: string;
}

export class SecretsState implements SecretsView {
  tokenKey: Uint8Array | undefined;

  toSnapshot(): SecretsSnapshot {
    if (this.tokenKey === undefined) return {};
    return { tokenKey: Buffer.from(this.tokenKey).toString('base64') };
  }

  static fromSnapshot(snapshot: SecretsSnapshot): SecretsState {
    const state = new SecretsState();
    if (snapshot.tokenKey !== undefined) state.tokenKey = Buffer.from(snapshot.tokenKey, 'base64');
    return state;
  }
}
