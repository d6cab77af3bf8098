export { aesBatchCipher, type DataKeys } from './aes-batch-cipher.ts';
export type { BatchCipher, BatchEncryptor } from './batch-cipher.ts';
export * from './log-engine.ts';
