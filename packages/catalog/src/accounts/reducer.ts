import type { Reducers } from '../command.ts';
import type { AccountsCommand } from './commands.ts';
import { type AccountsState, isCommitted } from './state.ts';

export const accountsReducers: Reducers<AccountsState, AccountsCommand, never> = {
  // Enabling one that is about to end takes the end back; ending it again moves nothing.
  'accounts.set-commitment.v1': (state, { account, region, status, commitmentMs }, arrivalMs) => {
    const known = state.commitment(account, region);
    if (known === undefined || !isCommitted(known, arrivalMs)) {
      if (status === 'DISABLED') return undefined;
      const times = { startedAtMs: arrivalMs, earliestEndAtMs: arrivalMs + commitmentMs };
      state.setCommitment({ account, region, ...times });
    } else if (status === 'ENABLED') {
      const { endsAtMs: _, ...going } = known;
      state.setCommitment(going);
    } else if (known.endsAtMs === undefined) {
      state.setCommitment({ ...known, endsAtMs: Math.max(arrivalMs, known.earliestEndAtMs) });
    }
    return undefined;
  },
};
