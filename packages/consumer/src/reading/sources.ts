import type { Retrieval } from '../settings.ts';
import { FanOutSource } from './fan-out-source.ts';
import { PollingSource } from './polling-source.ts';
import type { RecordSource, RecordSourceParts } from './record-source.ts';

export const SOURCES: Readonly<Record<Retrieval, (parts: RecordSourceParts) => RecordSource>> = {
  polling: (parts) => new PollingSource(parts),
  fanOut: (parts) => new FanOutSource(parts),
};
