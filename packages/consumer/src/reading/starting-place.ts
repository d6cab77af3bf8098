import { isSequenceNumber } from '../leases/checkpoint.ts';
import type { Lease } from '../leases/lease.ts';
import type { InitialPosition } from '../shards/shard.ts';
import type { IteratorStart } from './transport.ts';

/** Where the reading of a lease begins: with the record of its checkpoint, of which only a part may be done. */
export const startingPlace = ({ checkpoint }: Lease, initial: InitialPosition): IteratorStart => {
  const { sequenceNumber } = checkpoint;
  if (isSequenceNumber(sequenceNumber)) return { kind: 'at', sequenceNumber };
  const isTimestamp = sequenceNumber === 'AT_TIMESTAMP' && initial instanceof Date;
  if (isTimestamp) return { kind: 'initial', position: initial };
  return { kind: 'initial', position: sequenceNumber === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON' };
};
