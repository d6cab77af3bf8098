import { REQUEST_BODY_BYTES_MAX } from '@millrace/core';

/** Every bound of the port. Those without another origin are our own. */
export interface PortLimits {
  /** Connections at one time; one more is closed as soon as it is there. */
  readonly connectionsMax: number;
  /** Connections that the kernel may keep waiting for us (it has a maximum of its own). */
  readonly backlogMax: number;
  /** From the connection's start, or from the end of the TLS handshake, until its protocol is known. */
  readonly recogniseMs: number;
  readonly tlsHandshakeMs: number;
  /** One request's line and headers. */
  readonly headerBytesMax: number;
  /** From a request's first byte to the end of its headers; over HTTP/2 from the preface to the settings. */
  readonly headersMs: number;
  /** From a request's first byte to the end of its body. */
  readonly requestMs: number;
  /** One request's body; a longer one is answered with 413. */
  readonly bodyBytesMax: number;
  /** Bodies of all requests that are being received or handled; more are answered with 503. */
  readonly bodiesBytesMax: number;
  /**
   * Answers of `largeAnswerBytes` or more that their clients have not taken off us yet; in place of one more the
   * client gets 503. Smaller ones always go out: they may tell of something that must not be done twice.
   */
  readonly answersBytesMax: number;
  readonly largeAnswerBytes: number;
  /** What is read and dropped of a refused body, so that a client that sends first and reads later gets its answer. */
  readonly discardBytesMax: number;
  /** How long a client may take to read one answer, or the next piece of a streamed one. */
  readonly stallMs: number;
  /** An HTTP/1.1 connection between two requests. SDKs keep theirs, and take a closed one for an error. */
  readonly keepAliveMs: number;
  /** An HTTP/2 connection without a stream and without a sign of life; Java's pings come every 60 s. */
  readonly sessionIdleMs: number;
  /** Java's clients ask for 2³¹ − 1 and open more connections where they are given less. */
  readonly sessionStreamsMax: number;
  readonly sessionMebibytesMax: number;
  /** Bytes under way per stream and per connection: enough to fill a long, fast line with one 10 MiB body. */
  readonly streamWindowBytes: number;
  readonly sessionWindowBytes: number;
  /** After this long without traffic the kernel asks whether the other side still lives. */
  readonly tcpKeepAliveMs: number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const MEBIBYTE = 1024 * 1024;

export const portLimits: PortLimits = {
  connectionsMax: 20_000,
  backlogMax: 4096,
  recogniseMs: 30 * SECOND_MS,
  tlsHandshakeMs: 30 * SECOND_MS,
  headerBytesMax: 32 * 1024,
  headersMs: MINUTE_MS,
  requestMs: 5 * MINUTE_MS,
  bodyBytesMax: REQUEST_BODY_BYTES_MAX,
  bodiesBytesMax: 512 * MEBIBYTE,
  answersBytesMax: 512 * MEBIBYTE,
  largeAnswerBytes: MEBIBYTE,
  discardBytesMax: 4 * REQUEST_BODY_BYTES_MAX,
  stallMs: 2 * MINUTE_MS,
  keepAliveMs: 10 * MINUTE_MS,
  sessionIdleMs: 10 * MINUTE_MS,
  sessionStreamsMax: 100_000,
  sessionMebibytesMax: 256,
  streamWindowBytes: 4 * MEBIBYTE,
  sessionWindowBytes: 16 * MEBIBYTE,
  tcpKeepAliveMs: MINUTE_MS,
};
