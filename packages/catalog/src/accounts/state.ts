/** A commitment to pay for a least throughput. It is in force from its beginning to its end. */
export interface Commitment {
  readonly account: string;
  readonly region: string;
  readonly startedAtMs: number;
  readonly earliestEndAtMs: number;
  /** May lie ahead; absent while nobody has ended it. */
  readonly endsAtMs?: number;
}

export interface AccountsView {
  /** The latest one, whether or not it is still in force. */
  commitment(account: string, region: string): Commitment | undefined;
}

export const isCommitted = (commitment: Commitment | undefined, nowMs: number): boolean =>
  commitment !== undefined && (commitment.endsAtMs === undefined || nowMs < commitment.endsAtMs);

const keyOf = (account: string, region: string): string => `${account}/${region}`;

/** Settings of accounts, by region. */
export class AccountsState implements AccountsView {
  readonly #commitments = new Map<string, Commitment>();

  commitment(account: string, region: string): Commitment | undefined {
    return this.#commitments.get(keyOf(account, region));
  }

  setCommitment(commitment: Commitment): void {
    this.#commitments.set(keyOf(commitment.account, commitment.region), commitment);
  }

  toSnapshot(): Commitment[] {
    return [...this.#commitments.values()];
  }

  static fromSnapshot(snapshots: readonly Commitment[]): AccountsState {
    const state = new AccountsState();
    for (const commitment of snapshots) state.setCommitment(commitment);
    return state;
  }
}
