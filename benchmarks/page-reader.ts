import { once } from 'node:events';
import { connect } from 'node:net';
import { requestHeaders } from './load.ts';

/** Enough of an answer's end to find where its reader goes on, and of its beginning to find its length. */
const EDGE_BYTES = 4096;
const HEADER_END = '\r\n\r\n';

/** How a protocol asks for the page behind an iterator, and where its answer names the next. */
interface PageFormat {
  readonly contentType: string;
  readonly ask: (iterator: string) => Buffer;
  /** From the answer's edges: members come in any order, but records are the largest. */
  readonly next: (edges: Buffer) => string | undefined;
}

const textInCbor = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x79, text.length >> 8, text.length & 0xff]), Buffer.from(text)]);

/** Lengths of one byte stand behind 0x78, of two bytes behind 0x79. */
const cborTextAfter = (bytes: Buffer, name: string): string | undefined => {
  const named = bytes.indexOf(name);
  if (named === -1) return undefined;
  const at = named + name.length;
  const [start, length] =
    bytes[at] === 0x78 ? [at + 2, bytes[at + 1] ?? 0] : [at + 3, bytes.readUInt16BE(at + 1)];
  return bytes.toString('latin1', start, start + length);
};

const JSON_FORMAT: PageFormat = {
  contentType: 'application/x-amz-json-1.1',
  ask: (ShardIterator) => Buffer.from(JSON.stringify({ ShardIterator })),
  next: (edges) => /"NextShardIterator":"([^"]+)"/.exec(edges.toString('latin1'))?.[1],
};

const CBOR_FORMAT: PageFormat = {
  contentType: 'application/x-amz-cbor-1.1',
  ask: (iterator) => Buffer.concat([Buffer.from([0xa1]), textInCbor('ShardIterator'), textInCbor(iterator)]),
  next: (edges) => cborTextAfter(edges, 'NextShardIterator'),
};

export const PAGE_FORMATS = { JSON: JSON_FORMAT, CBOR: CBOR_FORMAT } as const;
export type PageFormatName = keyof typeof PAGE_FORMATS;

const getRecordsBytes = ({ contentType, ask }: PageFormat, iterator: string): Buffer => {
  const payload = ask(iterator);
  const headers = { ...requestHeaders('GetRecords'), 'Content-Type': contentType };
  const lines = Object.entries({ ...headers, 'Content-Length': payload.length });
  const head = ['POST / HTTP/1.1', ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}${HEADER_END}`), payload]);
};

/** What came of one call: the bytes of its answer's body, and where its reader goes on. */
export interface Page {
  readonly bytes: number;
  readonly next: string | undefined;
}

/** Takes an answer in piece by piece and keeps its edges alone. Returns the page once it is complete. */
const pageTaker = (format: PageFormat): ((chunk: Buffer) => Page | undefined) => {
  let start: Buffer = Buffer.alloc(0);
  let end: Buffer = Buffer.alloc(0);
  let got = 0;
  return (chunk) => {
    got += chunk.length;
    if (start.length < EDGE_BYTES) start = Buffer.concat([start, chunk.subarray(0, EDGE_BYTES)]);
    end = Buffer.concat([end, chunk.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
    const headEnd = start.indexOf(HEADER_END);
    if (headEnd === -1) return undefined;
    const head = start.toString('latin1', 0, headEnd);
    if (!head.startsWith('HTTP/1.1 200')) throw new Error(`the server answered ${start}`);
    const bytes = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (got < headEnd + HEADER_END.length + bytes) return undefined;
    return { bytes, next: format.next(Buffer.concat([start, end])) };
  };
};

export interface PageReader {
  /** The page behind the iterator. */
  read(iterator: string): Promise<Page>;
  end(): void;
}

/** Calls GetRecords and takes nothing apart: what it measures is the server. */
export const openPageReader = async (port: number, format: PageFormat): Promise<PageReader> => {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  return {
    read(iterator) {
      const { promise, resolve, reject } = Promise.withResolvers<Page>();
      const take = pageTaker(format);
      const hear = (chunk: Buffer): void => {
        try {
          const page = take(chunk);
          if (page !== undefined) resolve(page);
        } catch (error) {
          reject(error);
        }
      };
      socket.on('data', hear).on('close', reject).on('error', reject);
      socket.write(getRecordsBytes(format, iterator));
      return promise.finally(() => socket.off('data', hear).off('close', reject).off('error', reject));
    },
    end: () => socket.destroy(),
  };
};
