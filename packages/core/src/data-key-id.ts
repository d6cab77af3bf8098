import type { Brand } from './brand.ts';

/** Names a data key for ever: 32 hex digits. It stands beside what the key has encrypted. */
export type DataKeyId = Brand<string, 'DataKeyId'>;

const DATA_KEY_ID_FORM = /^[0-9a-f]{32}$/;

export const dataKeyIdOf = (text: string): DataKeyId => {
  if (!DATA_KEY_ID_FORM.test(text)) throw new Error(`not a data key id: '${text}'`);
  return text as DataKeyId;
};
