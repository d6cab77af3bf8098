export { type Keys, type KeysEvent, type KeysOptions, type NewKey, openKeys } from './keys/keys.ts';
export { parseRootKey, RootKeyError, type RootKeySource } from './keys/root-key.ts';
export { type StsDeps, stsTable } from './sts/service.ts';
