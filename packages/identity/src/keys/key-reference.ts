import { formatArn, KeyError, parseArn, partitionOf } from '@millrace/core';

/** The key that a request means, by id or by alias. */
export type KeyReference =
  | { readonly id: string; readonly arn: string }
  | { readonly alias: string; readonly arn: string };

const ALIAS_PREFIX = 'alias/';
const KEY_PREFIX = 'key/';

const invalid = (keyId: string): KeyError => new KeyError('not-found', `Invalid keyId '${keyId}'`);

/** As KMS reads a KeyId. An ARN of another account or region names nothing here. */
export const keyReferenceOf = (keyId: string, account: string, region: string): KeyReference => {
  const here = (resource: string): string =>
    formatArn({ partition: partitionOf(region), service: 'kms', region, account, resource });
  if (!keyId.startsWith('arn:')) {
    return keyId.startsWith(ALIAS_PREFIX)
      ? { alias: keyId, arn: here(keyId) }
      : { id: keyId, arn: here(KEY_PREFIX + keyId) };
  }
  const arn = parseArn(keyId);
  if (arn === undefined || arn.service !== 'kms') throw invalid(keyId);
  const { resource } = arn;
  const isHere = keyId === here(resource);
  if (resource.startsWith(ALIAS_PREFIX) && isHere) return { alias: resource, arn: keyId };
  if (resource.startsWith(KEY_PREFIX) && isHere) return { id: resource.slice(KEY_PREFIX.length), arn: keyId };
  if (resource.startsWith(ALIAS_PREFIX)) throw aliasNotFound(keyId);
  throw resource.startsWith(KEY_PREFIX) ? keyNotFound(keyId) : invalid(keyId);
};

/** KMS's own texts, as clients know them; how Kinesis passes them on is not sure. */
export const keyNotFound = (arn: string): KeyError =>
  new KeyError('not-found', `Key '${arn}' does not exist`);

export const aliasNotFound = (arn: string): KeyError =>
  new KeyError('not-found', `Alias ${arn} is not found.`);

export const keyDisabled = (arn: string): KeyError => new KeyError('disabled', `${arn} is disabled.`);

export const keyPendingDeletion = (arn: string): KeyError =>
  new KeyError('invalid-state', `${arn} is pending deletion.`);
