/**
 * Every bound that more than one package needs, with its origin. A bound of one structure alone stands
 * beside that structure.
 */

/** Data + partition key of one record: the largest MaxRecordSizeInKiB (API model, 2025). */
export const RECORD_BYTES_MAX = 10 * 1024 * 1024;
/** MaxRecordSizeInKiB of a stream that asks for nothing else (API model). */
export const RECORD_BYTES_DEFAULT = 1024 * 1024;
/** Data + partition keys of one PutRecords (API model, 2025). */
export const PUT_RECORDS_BYTES_MAX = 10 * 1024 * 1024;
/** Records and bytes that one GetRecords answers (API model). */
export const GET_RECORDS_COUNT_MAX = 10_000;
export const GET_RECORDS_BYTES_MAX = 10 * 1024 * 1024;
/**
 * One request body: 10 MiB of data as base64 in JSON, 500 keys of 256 four-byte characters escaped as
 * surrogate pairs (12 bytes each), and the names around them. Our sum.
 */
export const REQUEST_BODY_BYTES_MAX =
  Math.ceil((PUT_RECORDS_BYTES_MAX * 4) / 3) + 500 * 256 * 12 + 1024 * 1024;
/** Iterators are good for five minutes (API model). */
export const ITERATOR_LIFETIME_MS = 300_000;
/** ListShards and other paging tokens (API model). */
export const PAGE_TOKEN_LIFETIME_MS = 300_000;
export const RETENTION_HOURS_DEFAULT = 24;
