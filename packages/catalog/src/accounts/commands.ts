/**
 * What an account agrees to pay for in a region: ENABLED begins or goes on, DISABLED ends, at the earliest
 * `commitmentMs` after the beginning.
 */
interface SetCommitment {
  readonly type: 'accounts.set-commitment.v1';
  readonly account: string;
  readonly region: string;
  readonly status: 'ENABLED' | 'DISABLED';
  readonly commitmentMs: number;
}

export type AccountsCommand = SetCommitment;
