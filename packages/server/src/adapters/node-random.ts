import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '@millrace/core';

/** The kernel's randomness. */
export const nodeRandom: Random = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  uuid: () => randomUUID(),
};
