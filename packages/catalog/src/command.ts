import type { Position } from '@millrace/core';
import type { AccountsCommand } from './accounts/commands.ts';
import type { KeysCommand, KeysRefusal } from './keys/commands.ts';
import type { SecretsCommand, SecretsRefusal } from './secrets/commands.ts';
import type { StreamsCommand, StreamsRefusal } from './streams/commands.ts';

/**
 * One change of the control plane: plain JSON, in a log for ever. `type` is service, verb and version; what a
 * type means never changes once a release has written it, a new meaning takes a new version.
 */
export type Command = AccountsCommand | StreamsCommand | SecretsCommand | KeysCommand;

/** Why a command changed nothing. */
export type Refusal = StreamsRefusal | SecretsRefusal | KeysRefusal;

export type Result = { readonly applied: true } | { readonly applied: false; readonly refusal: Refusal };

/** A command that changed the state, where it stands in the control log, and when the log took it in. */
export interface Applied {
  readonly command: Command;
  readonly position: Position;
  readonly arrivalMs: number;
}

/**
 * How a service changes its part of the state, one row per command. A row checks first and changes last. It
 * sees nothing but its arguments, so that every replay ends in the same state.
 */
export type Reducers<Part, Commands extends { readonly type: string }, Refusals> = {
  readonly [Type in Commands['type']]: (
    part: Part,
    command: Extract<Commands, { readonly type: Type }>,
    arrivalMs: number,
  ) => Refusals | undefined;
};
