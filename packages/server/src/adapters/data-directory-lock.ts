import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { nodeRandom } from './node-random.ts';
import { pause } from './pause.ts';

/** The longest socket path that every system takes (macOS has 104 with the end mark). */
const SOCKET_PATH_BYTES_MAX = 103;
const NAME_FORM = /^lock-[0-9a-f]{8}\.sock$/;
const POLL_MS = 5;
/** How long a holder may take to say who it is; it may be stopped, or busy. */
const ANSWER_MS_MAX = 2_000;

/** What a holder tells everyone who connects to its socket: one line of JSON, then the end. */
export interface Holder {
  readonly pid: number;
  /** It does not hold the directory yet, and may still leave it to another. */
  readonly isTaking?: boolean;
  /** Once it serves. */
  readonly endpoint?: string;
}

const describe = ({ pid, endpoint }: Partial<Holder>): string => {
  if (pid === undefined) return 'another Millrace process, which does not say who it is';
  return `another Millrace process (pid ${pid}${endpoint === undefined ? '' : `, ${endpoint}`})`;
};

export class DataDirectoryInUse extends Error {
  constructor(directory: string, holder: Partial<Holder>) {
    super(`${directory} is in use by ${describe(holder)}. Stop it, or choose another place with --data-dir.`);
    this.name = 'DataDirectoryInUse';
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

const bound = (path: string, holder: () => Holder): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume().end(`${JSON.stringify(holder())}\n`);
    });
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });

/** What connecting says of a socket that nobody listens behind. */
const DEAD: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOENT']);

/** It is leaving at this moment: the next try finds nobody. */
const isLeaving = (error: unknown): boolean =>
  error instanceof SyntaxError || codeOf(error) === 'ECONNRESET' || codeOf(error) === 'EPIPE';

/** Who listens on the socket; undefined when nobody does, empty when it does not say. */
const holderBehind = async (path: string): Promise<Partial<Holder> | undefined> => {
  const socket = connect(path);
  socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error('no answer')));
  try {
    return JSON.parse(await text(socket)) as Holder;
  } catch (error) {
    if (isLeaving(error)) return { isTaking: true };
    return DEAD.has(codeOf(error)) ? undefined : {};
  } finally {
    socket.destroy();
  }
};

export interface SocketPath {
  readonly path: string;
  cleanUp(): Promise<void>;
}

/** Where a socket in the directory is reached: long paths by way of a short link. */
export const socketPath = async (directory: string, name: string): Promise<SocketPath> => {
  const direct = join(directory, name);
  if (Buffer.byteLength(direct) <= SOCKET_PATH_BYTES_MAX) return { path: direct, cleanUp: async () => {} };
  const scratch = await mkdtemp(join(tmpdir(), 'millrace-'));
  await symlink(directory, join(scratch, 'd'));
  return {
    path: join(scratch, 'd', name),
    cleanUp: () => rm(scratch, { recursive: true, force: true }),
  };
};

export interface DataDirectoryLock {
  /** Told to those who come after: where this process serves. */
  servesAt(endpoint: string): void;
  release(): Promise<void>;
}

const names = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => NAME_FORM.test(name)).sort();

/**
 * Asks every other socket in the directory. Those of dead processes are removed: their names are not used again.
 * Of several that are about to take the directory, the one with the first name waits for what becomes of the others,
 * and they leave it to that one.
 */
const outdo = async (directory: string, own: string, sockets: string): Promise<void> => {
  for (const name of (await names(directory)).filter((other) => other !== own)) {
    for (;;) {
      const holder = await holderBehind(join(sockets, name));
      if (holder === undefined) break;
      const comesFirst = holder.pid !== undefined && name < own;
      if (holder.isTaking !== true || comesFirst) throw new DataDirectoryInUse(directory, holder);
      await pause(POLL_MS);
    }
    await rm(join(directory, name), { force: true });
  }
};

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/**
 * Holds the directory for this process by listening on a socket of its own inside it, and by nobody else doing so.
 * The kernel ends the listening when the process dies, however it dies.
 *
 * Everyone listens before looking around, so of two at least one sees the other, and only one that sees nobody ahead
 * of it goes on.
 */
export const lockDataDirectory = async (directory: string): Promise<DataDirectoryLock> => {
  let holder: Holder = { pid: process.pid, isTaking: true };
  const own = `lock-${nodeRandom.uuid().slice(0, 8)}.sock`;
  const { path, cleanUp } = await socketPath(directory, own);
  let server: Server | undefined;
  try {
    server = await bound(path, () => holder);
    await outdo(directory, own, dirname(path));
  } catch (error) {
    if (server !== undefined) await closed(server);
    await cleanUp();
    throw error;
  }
  const listening = server;
  holder = { pid: process.pid };
  return {
    servesAt(endpoint) {
      holder = { ...holder, endpoint };
    },
    async release() {
      await closed(listening);
      await cleanUp();
    },
  };
};
