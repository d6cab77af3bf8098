import { type Stream, type StreamId, streamIdOf } from '@millrace/catalog';
import { type Clock, ITERATOR_LIFETIME_MS, type Position, positionOf } from '@millrace/core';
import { invalidIterator, iteratorExpired } from './errors.ts';
import type { TokenSealer } from './token-sealer.ts';

const PURPOSE = 'shard-iterator.v1';

/** Where a reader stands in a shard. */
export interface ShardIterator {
  readonly issuedAtMs: number;
  readonly streamId: StreamId;
  readonly shardIndex: number;
  readonly position: Position;
  /** Only for texts about a stream that is gone. */
  readonly streamName: string;
}

interface Issuing {
  readonly tokens: TokenSealer;
  readonly clock: Clock;
}

/**
 * Big-endian: issue time (6) · stream id (8) · shard index (4) · position (6) · the stream's name. Sealed it takes
 * at most 256 characters; AWS allows 512.
 */
const NAME_AT = 24;

const encode = (iterator: ShardIterator): Buffer => {
  const bytes = Buffer.alloc(NAME_AT + iterator.streamName.length);
  bytes.writeUIntBE(iterator.issuedAtMs, 0, 6);
  bytes.write(iterator.streamId, 6, 'hex');
  bytes.writeUInt32BE(iterator.shardIndex, 14);
  bytes.writeUIntBE(iterator.position, 18, 6);
  bytes.write(iterator.streamName, NAME_AT, 'latin1');
  return bytes;
};

const decode = (bytes: Buffer): ShardIterator => ({
  issuedAtMs: bytes.readUIntBE(0, 6),
  streamId: streamIdOf(bytes.toString('hex', 6, 14)),
  shardIndex: bytes.readUInt32BE(14),
  position: positionOf(bytes.readUIntBE(18, 6)),
  streamName: bytes.toString('latin1', NAME_AT),
});

/** Good for five minutes from now. */
export const issueIterator = (
  { tokens, clock }: Issuing,
  stream: Stream,
  shardIndex: number,
  position: Position,
): string =>
  tokens.seal(
    PURPOSE,
    encode({ issuedAtMs: clock.now(), streamId: stream.id, shardIndex, position, streamName: stream.name }),
  );

/** Some shells hand the CLI's output on with its quotes; AWS takes that. */
const unquoted = (text: string): string =>
  text.length > 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;

/** AWS refuses one from the future; a clock that was set back a little must not stop all readers, though. */
export const readIterator = (text: string, { tokens, clock }: Issuing): ShardIterator => {
  const bytes = tokens.open(PURPOSE, unquoted(text));
  if (bytes === undefined) throw invalidIterator();
  const iterator = decode(bytes);
  const ageMs = clock.now() - iterator.issuedAtMs;
  if (ageMs < -ITERATOR_LIFETIME_MS) throw invalidIterator();
  if (ageMs > ITERATOR_LIFETIME_MS) {
    throw iteratorExpired(iterator.issuedAtMs, clock.now(), ITERATOR_LIFETIME_MS);
  }
  return iterator;
};
