import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The longest socket path that every system takes (macOS has 104 with the end mark). */
const SOCKET_PATH_BYTES_MAX = 103;
const SOCKET_NAME = 'lock.sock';

export class DataDirectoryInUse extends Error {
  constructor(directory: string) {
    super(
      `${directory} is in use by another Millrace process. Stop it, or choose another place with --data-dir.`,
    );
    this.name = 'DataDirectoryInUse';
  }
}

const bound = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });

const answered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

/** Long paths are reached through a short link. */
const shortPathTo = async (directory: string): Promise<{ path: string; cleanUp(): Promise<void> }> => {
  const direct = join(directory, SOCKET_NAME);
  if (Buffer.byteLength(direct) <= SOCKET_PATH_BYTES_MAX) return { path: direct, cleanUp: async () => {} };
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-'));
  await symlink(directory, join(scratch, 'd'));
  return {
    path: join(scratch, 'd', SOCKET_NAME),
    cleanUp: () => rm(scratch, { recursive: true, force: true }),
  };
};

/**
 * Holds the directory for this process by listening on a socket inside it. The kernel lets go of it when the
 * process dies, however it dies: a socket that nobody answers is left from a crash and is taken over.
 */
export const lockDataDirectory = async (directory: string): Promise<{ release(): Promise<void> }> => {
  const { path, cleanUp } = await shortPathTo(directory);
  const take = async (): Promise<Server> => {
    try {
      return await bound(path);
    } catch (error) {
      if (await answered(path)) throw new DataDirectoryInUse(directory);
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      await rm(path, { force: true });
      return bound(path);
    }
  };
  try {
    const server = await take();
    return {
      async release() {
        await new Promise((resolve) => server.close(resolve));
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
};
