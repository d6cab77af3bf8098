import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Clock, Random } from './clock.ts';

/** The machine's clock. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  inBackground(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** The machine's chance. */
export const nodeRandom: Random = { next: () => Math.random() };

export interface KeepAliveOptions {
  readonly connectionsMax: number;
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs?: number;
}

/** HTTP/1.1 with connections that stay open; the SDK's own way opens an HTTP/2 session for every call to Kinesis. */
export const keepAliveHandler = ({
  connectionsMax,
  connectTimeoutMs,
  requestTimeoutMs,
}: KeepAliveOptions): NodeHttpHandler => {
  const sockets = { keepAlive: true, maxSockets: connectionsMax };
  return new NodeHttpHandler({
    connectionTimeout: connectTimeoutMs,
    ...(requestTimeoutMs !== undefined && { requestTimeout: requestTimeoutMs }),
    httpAgent: new HttpAgent(sockets),
    httpsAgent: new HttpsAgent(sockets),
  });
};

/** An SDK takes an undefined member for a wish, and an absent one for its default. */
export const definedOnly = <Given extends object>(
  given: Given,
): { [Key in keyof Given]?: Exclude<Given[Key], undefined> } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Given]?: Exclude<Given[Key], undefined>;
  };

/**
 * For an SDK client whose calls nobody logs. The SDK's own silent logger has a method `info`, and what it would be told
 * is made for every call all the same: a copy of each record, a tenth of a reader's work.
 */
export const SILENT_LOGGER = {
  debug() {},
  warn() {},
  error() {},
} as unknown as { debug(): void; info(): void; warn(): void; error(): void };
