import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { HeldSnapshot } from '@millrace/log-embedded';
import { socketPath } from './data-directory-lock.ts';
import {
  CLIENT_LINES,
  encodeError,
  encodeSnapshot,
  SILENCE_MS_MAX,
  SNAPSHOT_SOCKET,
} from './snapshot-wire.ts';

/** Clients at one time. */
const CLIENTS_MAX = 4;

const holdFor = async (socket: Socket, take: () => Promise<HeldSnapshot>): Promise<void> => {
  const snapshot = await take();
  // `close` may have come while the snapshot was taken.
  if (socket.destroyed) return snapshot.release();
  socket.once('close', () => snapshot.release());
  snapshot.givenUp.addEventListener('abort', () => socket.end(encodeError(snapshot.givenUp.reason)));
  createInterface({ input: socket }).on('line', (line) => {
    if (line === CLIENT_LINES.journal) snapshot.releaseJournal();
  });
  socket.write(encodeSnapshot(snapshot));
};

/**
 * Gives snapshots to commands. The directory must be held by this process, so a socket that is there is left from
 * one that died.
 */
export const serveSnapshots = async (
  directory: string,
  take: () => Promise<HeldSnapshot>,
): Promise<{ close(): Promise<void> }> => {
  const { path, cleanUp } = await socketPath(resolve(directory), SNAPSHOT_SOCKET);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.unref().on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.setTimeout(SILENCE_MS_MAX, () => socket.destroy());
    if (sockets.size > CLIENTS_MAX) socket.end(encodeError('enough others are copying the store'));
    else holdFor(socket, take).catch((error: unknown) => socket.end(encodeError(error)));
  });
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
  server.unref();
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await cleanUp();
    },
  };
};
