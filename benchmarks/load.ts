import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Counts of one run of the load generator. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
}

const HEADER_END = Buffer.from('\r\n\r\n');
const EMPTY = Buffer.alloc(0);

/** The headers of a call of AWS JSON 1.1, but for its length. */
export const requestHeaders = (operation: string): Record<string, string> => ({
  Host: '127.0.0.1',
  'X-Amz-Target': `Kinesis_20131202.${operation}`,
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Date': '20260101T000000Z',
  Authorization:
    'AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date, Signature=0',
});

/** A whole request of AWS JSON 1.1 as bytes, made once and sent many times: the generator must cost next to nothing. */
export const requestBytes = (operation: string, body: object): Buffer => {
  const payload = Buffer.from(JSON.stringify(body));
  const lines = Object.entries({ ...requestHeaders(operation), 'Content-Length': payload.length });
  const head = ['POST / HTTP/1.1', ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), payload]);
};

/** Gives the body of the next answer on the socket; rejects when there will be none, or another status than 200. */
const answers = (socket: Socket): (() => Promise<Buffer>) => {
  let buffered: Buffer = EMPTY;
  let waiting: PromiseWithResolvers<Buffer> | undefined;
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
    waiting?.reject(failure);
    waiting = undefined;
  };
  const takeOne = (): void => {
    const headerEnd = buffered.indexOf(HEADER_END);
    if (headerEnd === -1 || waiting === undefined) return;
    const head = buffered.toString('latin1', 0, headerEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const end = headerEnd + HEADER_END.length + length;
    if (buffered.length < end) return;
    const body = buffered.subarray(end - length, end);
    buffered = buffered.subarray(end);
    if (!head.startsWith('HTTP/1.1 200')) fail(new Error(`the server answered ${head}\n${body}`));
    waiting?.resolve(body);
    waiting = undefined;
  };
  socket.on('data', (chunk: Buffer) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    takeOne();
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  return () => {
    if (failure !== undefined) return Promise.reject(failure);
    waiting = Promise.withResolvers();
    const { promise } = waiting;
    takeOne();
    return promise;
  };
};

export const openConnection = async (
  port: number,
): Promise<{ call(request: Buffer): Promise<Buffer>; end(): void }> => {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  const next = answers(socket);
  return {
    call(request) {
      socket.write(request);
      return next();
    },
    end: () => socket.destroy(),
  };
};

/** Keeps `connections` busy with the requests, each with one under way, for so long. */
export const runLoad = async (
  port: number,
  { requests, connections, seconds }: { requests: readonly Buffer[]; connections: number; seconds: number },
): Promise<Load> => {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(port)));
  const started = performance.now();
  const end = started + seconds * 1000;
  let sent = 0;
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() < end) {
        const request = requests[sent++ % requests.length];
        if (request !== undefined) await connection.call(request);
      }
      connection.end();
    }),
  );
  return { requests: sent, seconds: (performance.now() - started) / 1000 };
};
