import type { Reducers } from '../command.ts';
import type { SecretsCommand, SecretsRefusal } from './commands.ts';
import type { SecretsState } from './state.ts';

export const secretsReducers: Reducers<SecretsState, SecretsCommand, SecretsRefusal> = {
  // The first wins: processes that start together over one log all offer a key.
  'secrets.set-token-key.v1': (state, { key }) => {
    if (state.tokenKey !== undefined) return { reason: 'secret-exists' };
    state.tokenKey = Buffer.from(key, 'base64');
    return undefined;
  },
};
