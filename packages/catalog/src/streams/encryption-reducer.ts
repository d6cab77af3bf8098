import type { Reducers } from '../command.ts';
import { changeStream } from './change-stream.ts';
import type { StreamsRefusal } from './commands.ts';
import type { StreamDataKey } from './encryption.ts';
import type { EncryptionCommand } from './encryption-commands.ts';
import { trimHorizonMs } from './retention.ts';
import type { StreamsState } from './state.ts';
import type { Stream } from './stream.ts';

const DAY_MS = 86_400_000;

/** Retires the key in use, and drops those whose records have been out of everyone's reach for a day. */
const retired = (stream: Stream, nowMs: number): StreamDataKey[] => {
  const { encryption, dataKeys = [] } = stream;
  const goneMs = trimHorizonMs(stream, nowMs) - DAY_MS;
  return dataKeys
    .map((key) =>
      encryption.type === 'KMS' && key.id === encryption.dataKey ? { ...key, retiredAtMs: nowMs } : key,
    )
    .filter(({ retiredAtMs = nowMs }) => retiredAtMs >= goneMs);
};

/**
 * What follows the command is stored in the new way. The stream is UPDATING until `streams.finish-update`: by the
 * time that one has come through the log, so has everything that was begun in the old way.
 */
export const encryptionReducers: Reducers<StreamsState, EncryptionCommand, StreamsRefusal> = {
  'streams.start-encryption.v1': (state, { id, keyId, dataKey }, arrivalMs) =>
    changeStream(state, id, ['ACTIVE'], (stream) => ({
      ...stream,
      status: 'UPDATING',
      encryption: { type: 'KMS', keyId, dataKey: dataKey.id },
      dataKeys: [...retired(stream, arrivalMs), dataKey],
    })),

  'streams.stop-encryption.v1': (state, { id }, arrivalMs) =>
    changeStream(state, id, ['ACTIVE'], (stream) => ({
      ...stream,
      status: 'UPDATING',
      encryption: { type: 'NONE' },
      dataKeys: retired(stream, arrivalMs),
    })),
};
