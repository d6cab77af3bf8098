import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { protocolOf } from './recognise.ts';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

test('every true beginning of the preface waits for more', () => {
  for (let length = 0; length < PREFACE.length; length += 1) {
    assert.equal(protocolOf(PREFACE.subarray(0, length)), undefined, `${length} bytes`);
  }
});

test('the whole preface is HTTP/2, whatever follows', () => {
  fc.assert(fc.property(fc.uint8Array(), (rest) => protocolOf(Buffer.concat([PREFACE, rest])) === 'http2'));
});

test('one wrong byte makes it HTTP/1.1 at once', () => {
  const position = fc.nat(PREFACE.length - 1);
  fc.assert(
    fc.property(position, fc.nat(255), (at, byte) => {
      fc.pre(PREFACE[at] !== byte && !(at === 0 && byte === 0x16));
      const start = Buffer.from(PREFACE.subarray(0, at + 1));
      start[at] = byte;
      return protocolOf(start) === 'http1';
    }),
  );
});

test('a handshake record is TLS by its first byte', () => {
  fc.assert(fc.property(fc.uint8Array(), (rest) => protocolOf(Buffer.from([0x16, ...rest])) === 'tls'));
});
