import type { Readable } from 'node:stream';
import type { BodyBuffer } from './body-buffer.ts';

/** `gone`: the client went away before the end. */
export type Received = 'whole' | 'too-long' | 'no-room' | 'gone';

/** Reads the source to its end into the buffer, or until that says no; then the rest is still to be read. */
export const receiveBody = (source: Readable, buffer: BodyBuffer): Promise<Received> =>
  new Promise((resolve) => {
    const settle = (received: Received) => {
      source.off('data', onData);
      source.off('end', onEnd);
      source.off('close', onClose);
      resolve(received);
    };
    const onData = (chunk: Uint8Array) => {
      const append = buffer.append(chunk);
      if (append !== 'taken') settle(append);
    };
    const onEnd = () => settle('whole');
    const onClose = () => settle('gone');
    source.on('data', onData);
    source.on('end', onEnd);
    source.on('close', onClose);
  });
