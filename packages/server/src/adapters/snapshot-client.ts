import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { HeldSnapshot } from '@millrace/log-embedded';
import { socketPath } from './data-directory-lock.ts';
import { nodeClock } from './node-clock.ts';
import { CLIENT_LINES, decodeAnswer, SILENCE_MS_MAX, SNAPSHOT_SOCKET } from './snapshot-wire.ts';

/** A round of write-behind comes before the answer. */
const ANSWER_MS_MAX = 60_000;

export class NoSnapshot extends Error {
  constructor(directory: string, why: string) {
    super(`The server that holds ${directory} gives no snapshot of it: ${why}.`);
    this.name = 'NoSnapshot';
  }
}

export interface RemoteSnapshot extends HeldSnapshot {
  /** To be called as the work goes on: the server keeps the files only for somebody who lives. */
  goingOn(): void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The lines of the server as they come; undefined is the end. */
const linesFrom = (socket: Socket): AsyncIterator<string> =>
  createInterface({ input: socket })[Symbol.asyncIterator]();

/** Asks the server that holds the directory for a snapshot, and holds it by keeping the connection. */
export const snapshotOfServer = async (directory: string): Promise<RemoteSnapshot> => {
  const { path, cleanUp } = await socketPath(directory, SNAPSHOT_SOCKET);
  const socket = connect(path);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    socket.on('error', () => {});
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy());
    const lines = linesFrom(socket);
    const { value: line } = await lines.next();
    if (line === undefined) throw new Error('it ended without an answer');
    const snapshot = decodeAnswer(line);
    if (snapshot instanceof Error) throw snapshot;
    socket.setTimeout(0);
    return { ...snapshot, ...holdBy(socket, lines) };
  } catch (error) {
    socket.destroy();
    throw new NoSnapshot(directory, messageOf(error));
  } finally {
    await cleanUp();
  }
};

type Hold = Pick<RemoteSnapshot, 'givenUp' | 'releaseJournal' | 'release' | 'goingOn'>;

const holdBy = (socket: Socket, lines: AsyncIterator<string>): Hold => {
  const givenUp = new AbortController();
  void whyEnded(lines).then((reason) => givenUp.abort(reason));
  let toldAtMs = nodeClock.monotonic();
  return {
    givenUp: givenUp.signal,
    releaseJournal: () => void socket.write(`${CLIENT_LINES.journal}\n`),
    release: () => void socket.destroy(),
    goingOn() {
      if (nodeClock.monotonic() - toldAtMs < SILENCE_MS_MAX / 10) return;
      toldAtMs = nodeClock.monotonic();
      socket.write(`${CLIENT_LINES.goingOn}\n`);
    },
  };
};

const whyEnded = async (lines: AsyncIterator<string>): Promise<Error> => {
  const { value: line } = await lines.next();
  const answer = line === undefined ? undefined : decodeAnswer(line);
  const why = answer instanceof Error ? answer.message : 'it has ended';
  return new Error(`The server gave the snapshot up: ${why}.`);
};
