import type { DiskFile } from '@millrace/core';

/** What is worth keeping was synced before: trouble on closing says nothing new. */
export const closeQuietly = (file: DiskFile): Promise<void> => file.close().catch(() => undefined);
