import type { Socket } from 'node:net';
import type { Deadlines } from './deadlines.ts';

export type Protocol = 'http1' | 'http2' | 'tls';

/** RFC 9113, 3.4: what every client of HTTP/2 sends first. Its P is also that of POST and PUT. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1');
/** RFC 8446, 5.1: a record of type `handshake`. No request begins with it. */
const TLS_HANDSHAKE = 0x16;

/** What a connection speaks by its first bytes; undefined while they fit more than one protocol. */
export const protocolOf = (start: Buffer): Protocol | undefined => {
  if (start[0] === TLS_HANDSHAKE) return 'tls';
  const compared = Math.min(start.length, PREFACE.length);
  if (PREFACE.compare(start, 0, compared, 0, compared) !== 0) return 'http1';
  return compared === PREFACE.length ? 'http2' : undefined;
};

/**
 * Reads as much of a new connection as is needed to know its protocol, puts that back, and hands the
 * connection on, paused. Silence and an early end close it.
 */
export const recognise = (
  socket: Socket,
  silences: Deadlines,
  onKnown: (protocol: Protocol) => void,
): void => {
  let start: Buffer | undefined;
  const wait = silences.start(() => socket.destroy());
  const leave = () => {
    silences.stop(wait);
    socket.off('data', onData);
    socket.off('end', onEnd);
    socket.off('close', leave);
  };
  const onEnd = () => socket.destroy();
  const onData = (chunk: Buffer) => {
    start = start === undefined ? chunk : Buffer.concat([start, chunk]);
    const protocol = protocolOf(start);
    if (protocol === undefined) return;
    leave();
    socket.pause();
    socket.unshift(start);
    onKnown(protocol);
  };
  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.on('close', leave);
};
