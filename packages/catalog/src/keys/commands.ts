import type { Key, KeyState } from './key.ts';

/** With an alias both are made, or neither. */
interface CreateKey {
  readonly type: 'keys.create.v1';
  readonly keyId: string;
  readonly account: string;
  readonly region: string;
  readonly manager: Key['manager'];
  readonly wrapped: string;
  readonly alias?: string;
}

/** `alias/…`; points to another key from now on if it is there already. */
interface SetAlias {
  readonly type: 'keys.set-alias.v1';
  readonly alias: string;
  readonly keyId: string;
}

interface RemoveAlias {
  readonly type: 'keys.remove-alias.v1';
  readonly account: string;
  readonly region: string;
  readonly alias: string;
}

interface OfKey<Type extends string> {
  readonly type: Type;
  readonly keyId: string;
}

interface ScheduleDeletion extends OfKey<'keys.schedule-deletion.v1'> {
  readonly deletionAtMs: number;
}

/** Taking back a deletion leaves a disabled key, as in KMS. A forgotten key takes its aliases with it. */
export type KeysCommand =
  | CreateKey
  | SetAlias
  | RemoveAlias
  | OfKey<'keys.enable.v1'>
  | OfKey<'keys.disable.v1'>
  | ScheduleDeletion
  | OfKey<'keys.cancel-deletion.v1'>
  | OfKey<'keys.forget.v1'>;

export type KeysRefusal =
  | { readonly reason: 'key-exists' | 'alias-exists' | 'no-such-key' | 'no-such-alias' | 'aws-managed-key' }
  | { readonly reason: 'wrong-key-state'; readonly state: KeyState };
