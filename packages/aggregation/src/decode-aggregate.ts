import { hash } from 'node:crypto';
import { DIGEST_BYTES, ENVELOPE_BYTES, MAGIC, TAGS } from './format.ts';
import { parseHashKey } from './hash-key.ts';
import { Malformed, MessageReader } from './message-reader.ts';
import type { UserRecord } from './user-record.ts';

interface Entry {
  readonly partitionKeyIndex: number;
  readonly hashKeyIndex: number | undefined;
  readonly data: Buffer;
}

interface Message {
  readonly partitionKeys: readonly string[];
  readonly hashKeys: readonly string[];
  readonly entries: readonly Entry[];
}

const readEntry = (reader: MessageReader): Entry => {
  let partitionKeyIndex: number | undefined;
  let hashKeyIndex: number | undefined;
  let data: Buffer | undefined;
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === TAGS.partitionKeyIndex) partitionKeyIndex = reader.varint();
    else if (tag === TAGS.explicitHashKeyIndex) hashKeyIndex = reader.varint();
    else if (tag === TAGS.data) data = reader.content();
    else reader.skip(tag);
  }
  if (partitionKeyIndex === undefined || data === undefined) throw new Malformed();
  return { partitionKeyIndex, hashKeyIndex, data };
};

/** The fields may stand in any order, the tables behind the records too. */
const readMessage = (reader: MessageReader): Message => {
  const message = { partitionKeys: [] as string[], hashKeys: [] as string[], entries: [] as Entry[] };
  while (!reader.done) {
    const tag = reader.tag();
    if (tag === TAGS.partitionKeyTable) message.partitionKeys.push(reader.text());
    else if (tag === TAGS.explicitHashKeyTable) message.hashKeys.push(reader.text());
    else if (tag === TAGS.record) message.entries.push(readEntry(reader.message()));
    else reader.skip(tag);
  }
  return message;
};

const keyAt = (table: readonly string[], index: number): string => {
  const key = table[index];
  if (key === undefined) throw new Malformed();
  return key;
};

const userRecords = ({ partitionKeys, hashKeys, entries }: Message): UserRecord[] => {
  if (hashKeys.some((text) => parseHashKey(text) === undefined)) throw new Malformed();
  return entries.map(({ partitionKeyIndex, hashKeyIndex, data }) => {
    const partitionKey = keyAt(partitionKeys, partitionKeyIndex);
    if (hashKeyIndex === undefined) return { partitionKey, data };
    return { partitionKey, explicitHashKey: keyAt(hashKeys, hashKeyIndex), data };
  });
};

const hasEnvelope = (bytes: Buffer): boolean =>
  bytes.length > ENVELOPE_BYTES &&
  MAGIC.equals(bytes.subarray(0, MAGIC.length)) &&
  hash('md5', bytes.subarray(MAGIC.length, -DIGEST_BYTES), 'buffer').equals(bytes.subarray(-DIGEST_BYTES));

/**
 * The user records of an aggregated record's data, as views of it; undefined when it is anything else: another
 * beginning, another digest, no such message, an index beyond its table, a hash key that is none. Never throws,
 * and what it makes is linear in the bytes it is given.
 */
export const decodeAggregate = (data: Uint8Array): UserRecord[] | undefined => {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!hasEnvelope(bytes)) return undefined;
  try {
    return userRecords(readMessage(new MessageReader(bytes, MAGIC.length, bytes.length - DIGEST_BYTES)));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
};
