import { Buffer } from 'node:buffer';
import type { ByteSink } from './byte-sink.ts';
import { info, major } from './cbor-major.ts';

const UINT32 = 2 ** 32;

/** An item's head, in as few bytes as it takes. */
export const writeHead = (sink: ByteSink, kind: number, value: number): void => {
  const first = kind << 5;
  if (value < info.uint8) sink.byte(first | value);
  else if (value < 2 ** 8) withNumber(sink, first | info.uint8, value, 1);
  else if (value < 2 ** 16) withNumber(sink, first | info.uint16, value, 2);
  else if (value < UINT32) withNumber(sink, first | info.uint32, value, 4);
  else {
    withNumber(sink, first | info.uint64, Math.floor(value / UINT32), 4);
    sink.uint(value % UINT32, 4);
  }
};

const withNumber = (sink: ByteSink, first: number, value: number, bytes: 1 | 2 | 4): void => {
  sink.byte(first);
  sink.uint(value, bytes);
};

export const writeText = (sink: ByteSink, text: string): void => {
  writeHead(sink, major.text, Buffer.byteLength(text));
  sink.utf8(text);
};
