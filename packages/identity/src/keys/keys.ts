import type { Catalog, Key, KeyState } from '@millrace/catalog';
import {
  KeyError,
  type KeyPurpose,
  type KeyRequest,
  type KeyService,
  type Random,
  type WrappedDataKey,
} from '@millrace/core';
import { KEY_BYTES, unwrapKey, wrapKey } from './envelope.ts';
import {
  aliasNotFound,
  keyDisabled,
  keyNotFound,
  keyPendingDeletion,
  keyReferenceOf,
} from './key-reference.ts';
import { RootKeyError, type RootKeySource } from './root-key.ts';

/** Keys that are made when somebody first asks for them, one per account and region. */
const AWS_MANAGED: ReadonlySet<string> = new Set(['alias/aws/kinesis']);
/** Data keys held open. Opening one anew takes some microseconds. */
const OPEN_DATA_KEYS_MAX = 10_000;

export type KeysEvent = { readonly type: 'key-made'; readonly keyArn: string };

export interface KeysOptions {
  readonly catalog: Catalog;
  readonly random: Random;
  readonly rootKey: RootKeySource;
  readonly onEvent?: (event: KeysEvent) => void;
}

const REFUSALS: Readonly<Record<KeyState, ((arn: string) => KeyError) | undefined>> = {
  Enabled: undefined,
  Disabled: keyDisabled,
  PendingDeletion: keyPendingDeletion,
};

const requireEnabled = (key: Key): Key => {
  const refusal = REFUSALS[key.state];
  if (refusal !== undefined) throw refusal(key.arn);
  return key;
};

/** What a key's own material is wrapped for; its ARN is not known before the reducer has made it. */
const materialPurpose = (id: string): string => `millrace key ${id}`;

/** Members in one order, so that equal purposes have equal texts. */
const textOf = (purpose: KeyPurpose): string =>
  JSON.stringify(Object.entries(purpose).sort(([a], [b]) => (a < b ? -1 : 1)));

const idOf = (keyArn: string): string => keyArn.slice(keyArn.lastIndexOf('/') + 1);

export interface NewKey {
  readonly account: string;
  readonly region: string;
  /** `alias/…`; must be free. */
  readonly alias?: string | undefined;
  readonly manager?: Key['manager'];
}

/** The keys of all accounts. Their states are changed by the catalog's commands. */
export interface Keys extends KeyService {
  /** Undefined when the alias is taken. */
  createKey(wanted: NewKey): Promise<Key | undefined>;
}

class CatalogKeys implements Keys {
  readonly #options: KeysOptions;
  #rootKey: Uint8Array | undefined;
  #rootKeyMaking: Promise<Uint8Array> | undefined;
  /** Materials by key id. */
  readonly #materials = new Map<string, Uint8Array>();
  /** By wrapped text and purpose, the oldest first. */
  readonly #dataKeys = new Map<string, Uint8Array>();

  constructor(options: KeysOptions, rootKey: Uint8Array | undefined) {
    this.#options = options;
    this.#rootKey = rootKey;
  }

  async createKey({ account, region, alias, manager = 'CUSTOMER' }: NewKey): Promise<Key | undefined> {
    const { catalog, random, onEvent } = this.#options;
    const rootKey = await this.#requireRootKey();
    const keyId = random.uuid();
    const wrapped = wrapKey(random.bytes(KEY_BYTES), rootKey, materialPurpose(keyId), random);
    const named = alias === undefined ? {} : { alias };
    await catalog.submit({ type: 'keys.create.v1', keyId, account, region, manager, wrapped, ...named });
    const key = catalog.state.keys.get(keyId);
    if (key !== undefined) onEvent?.({ type: 'key-made', keyArn: key.arn });
    return key;
  }

  async generateDataKey({ account, region, keyId, purpose }: KeyRequest): Promise<WrappedDataKey> {
    const key = requireEnabled(await this.#find(keyId, account, region));
    const { random } = this.#options;
    const wrapped = wrapKey(random.bytes(KEY_BYTES), this.#materialOf(key), textOf(purpose), random);
    return { keyArn: key.arn, wrapped };
  }

  openDataKey({ keyArn, wrapped }: WrappedDataKey, purpose: KeyPurpose): Uint8Array {
    const key = this.#options.catalog.state.keys.get(idOf(keyArn));
    if (key === undefined) throw keyNotFound(keyArn);
    requireEnabled(key);
    const text = textOf(purpose);
    const name = wrapped + text;
    const known = this.#dataKeys.get(name);
    if (known !== undefined) return known;
    const opened = unwrapKey(wrapped, this.#materialOf(key), text);
    if (opened === undefined)
      throw new KeyError('unreadable', `${keyArn} does not open this data key for ${text}`);
    const [oldest] = this.#dataKeys.keys();
    if (this.#dataKeys.size >= OPEN_DATA_KEYS_MAX && oldest !== undefined) this.#dataKeys.delete(oldest);
    this.#dataKeys.set(name, opened);
    return opened;
  }

  async #find(keyId: string, account: string, region: string): Promise<Key> {
    const { keys } = this.#options.catalog.state;
    const reference = keyReferenceOf(keyId, account, region);
    if ('id' in reference) {
      const key = keys.get(reference.id);
      if (key?.arn !== reference.arn) throw keyNotFound(reference.arn);
      return key;
    }
    const { alias, arn } = reference;
    const known = keys.byAlias(account, region, alias);
    // Two who ask at once both try; the catalog takes the first.
    if (known === undefined && AWS_MANAGED.has(alias)) {
      await this.createKey({ account, region, alias, manager: 'AWS' });
    }
    const key = keys.byAlias(account, region, alias);
    if (key === undefined) throw aliasNotFound(arn);
    return key;
  }

  #materialOf(key: Key): Uint8Array {
    const known = this.#materials.get(key.id);
    if (known !== undefined) return known;
    const material = this.#rootKey && unwrapKey(key.wrapped, this.#rootKey, materialPurpose(key.id));
    if (material === undefined) throw new KeyError('unreadable', `the root key does not open ${key.arn}`);
    this.#materials.set(key.id, material);
    return material;
  }

  async #requireRootKey(): Promise<Uint8Array> {
    if (this.#rootKey !== undefined) return this.#rootKey;
    this.#rootKeyMaking ??= this.#options.rootKey.make().finally(() => {
      this.#rootKeyMaking = undefined;
    });
    this.#rootKey = await this.#rootKeyMaking;
    return this.#rootKey;
  }
}

/**
 * Opens the keys of the catalog. Rejects with a `RootKeyError` when the root key is not the one that they are locked
 * with: better no start than new keys beside old ones that nobody can open.
 */
export const openKeys = async (options: KeysOptions): Promise<Keys> => {
  const rootKey = await options.rootKey.read();
  const [first] = options.catalog.state.keys.all();
  if (first !== undefined && rootKey === undefined) {
    throw new RootKeyError('There are keys in the catalog, but the root key that opens them is missing.');
  }
  if (first !== undefined && rootKey !== undefined) {
    const material = unwrapKey(first.wrapped, rootKey, materialPurpose(first.id));
    if (material === undefined)
      throw new RootKeyError(`The root key does not open ${first.arn}: it is another one.`);
  }
  return new CatalogKeys(options, rootKey);
};
