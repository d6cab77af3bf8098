/**
 * An aggregated record's data:
 *
 *   magic    F3 89 9A C2
 *   message  AggregatedRecord, in Protocol Buffers
 *   digest   MD5 of the message, 16 bytes
 *
 *   message AggregatedRecord {                      message Record {
 *     repeated string partition_key_table = 1;        required uint64 partition_key_index = 1;
 *     repeated string explicit_hash_key_table = 2;    optional uint64 explicit_hash_key_index = 2;
 *     repeated Record records = 3;                    required bytes data = 3;
 *   }                                                 repeated Tag tags = 4;
 *                                                   }
 *
 * Tags are not written and not read. Each key stands in its table once, in the order of first use.
 */
export const MAGIC = Buffer.of(0xf3, 0x89, 0x9a, 0xc2);
export const DIGEST_BYTES = 16;

/** Magic and digest. */
export const ENVELOPE_BYTES = MAGIC.length + DIGEST_BYTES;

/** The partition key of the record that carries the others. Its explicit hash key places it. */
export const AGGREGATE_PARTITION_KEY = 'a';

/** What stands before a field: its number, and in the lowest three bits its wire type. */
export const TAGS = {
  partitionKeyTable: (1 << 3) | 2,
  explicitHashKeyTable: (2 << 3) | 2,
  record: (3 << 3) | 2,
  partitionKeyIndex: (1 << 3) | 0,
  explicitHashKeyIndex: (2 << 3) | 0,
  data: (3 << 3) | 2,
} as const;

/** Every tag above is one byte. */
export const TAG_BYTES = 1;
