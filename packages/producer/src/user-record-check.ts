import { parseHashKey, type UserRecord } from '@millrace/aggregation';
import { ProducerError } from './errors.ts';

/** UTF-16 units of a partition key (API model). */
const PARTITION_KEY_LENGTH_MAX = 256;

const problemOf = ({ partitionKey, explicitHashKey, data }: UserRecord): string | undefined => {
  if (
    typeof partitionKey !== 'string' ||
    partitionKey.length < 1 ||
    partitionKey.length > PARTITION_KEY_LENGTH_MAX
  )
    return `a partition key is a text of 1 to ${PARTITION_KEY_LENGTH_MAX} characters`;
  if (explicitHashKey !== undefined && parseHashKey(explicitHashKey) === undefined)
    return `${explicitHashKey} is no hash key: decimal digits, 0 to 2^128-1`;
  if (!(data instanceof Uint8Array)) return 'data are a Uint8Array, such as a Buffer';
  return undefined;
};

/** Data and partition key. Throws when the service would not have the record: it would refuse others with it. */
export const checkedBytes = (record: UserRecord, bytesMax: number): number => {
  const problem = problemOf(record);
  if (problem !== undefined) throw new ProducerError('InvalidRecord', problem);
  const bytes = record.data.length + Buffer.byteLength(record.partitionKey);
  if (bytes <= bytesMax) return bytes;
  const message = `data and partition key take ${bytes} bytes; userRecordBytesMax is ${bytesMax}`;
  throw new ProducerError('InvalidRecord', message);
};
