import type { Writable } from 'node:stream';
import type { Deadlines } from './deadlines.ts';
import { ignore } from './wire.ts';

/** Resolves when there is room again; a client that makes none for too long is cut off. */
const roomIn = (sink: Writable, stalls: Deadlines, cutOff: () => void): Promise<void> =>
  new Promise((resolve) => {
    const wait = stalls.start(cutOff);
    const settle = () => {
      stalls.stop(wait);
      sink.off('drain', settle);
      sink.off('close', settle);
      resolve();
    };
    sink.on('drain', settle);
    sink.on('close', settle);
  });

/** Tells an iterator that nobody wants more. */
export const returnOf = (iterator: AsyncIterator<Uint8Array>): void => {
  iterator.return?.().then(ignore, ignore);
};

/**
 * Writes the pieces as they come and as the client reads them. When the client goes away, the iterator is told
 * by `return`. Rejects with what the iterator throws.
 */
export const streamPieces = async (
  pieces: AsyncIterable<Uint8Array>,
  sink: Writable,
  stalls: Deadlines,
  cutOff: () => void,
): Promise<void> => {
  const iterator = pieces[Symbol.asyncIterator]();
  const stop = () => returnOf(iterator);
  sink.once('close', stop);
  try {
    while (!sink.destroyed) {
      const { done, value } = await iterator.next();
      if (done || sink.destroyed) break;
      if (value.length > 0 && !sink.write(value)) await roomIn(sink, stalls, cutOff);
    }
  } finally {
    sink.off('close', stop);
  }
  if (!sink.destroyed) sink.end();
};
