import type { Stream } from '@millrace/catalog';

/** AWS gives whole seconds; clients tell streams of one name apart by them. */
export const creationTimeMs = ({ createdAtMs }: Stream): number => Math.floor(createdAtMs / 1000) * 1000;

export const wasCreatedAt = (stream: Stream, timestampMs: number): boolean =>
  creationTimeMs(stream) === Math.floor(timestampMs / 1000) * 1000;
