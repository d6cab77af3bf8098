import type { Record as RecordAnswer } from '@millrace/aws-model/kinesis';
import type { Shard } from '@millrace/catalog';
import type { LogRecord, ReadResult } from '@millrace/log';
import { sequenceNumbersOf } from '../model/sequence-numbers.ts';

/** Data are the engine's own bytes. */
export const recordAnswers = (records: readonly LogRecord[], shard: Shard): RecordAnswer[] => {
  let arrivalSeconds = -1;
  let numberOf = sequenceNumbersOf(shard, 0);
  return records.map(({ key, value, position, arrivalMs, encryptedWith }) => {
    if (Math.floor(arrivalMs / 1000) !== arrivalSeconds) {
      arrivalSeconds = Math.floor(arrivalMs / 1000);
      numberOf = sequenceNumbersOf(shard, arrivalMs);
    }
    const answer = {
      SequenceNumber: numberOf(position),
      ApproximateArrivalTimestamp: arrivalMs,
      Data: value,
      // Keys have a character at least: none stands for none (record distribution AUTO).
      PartitionKey: key === '' ? undefined : key,
    };
    return encryptedWith === undefined ? answer : { ...answer, EncryptionType: 'KMS' };
  });
};

/** 0 exactly when the reader has all there is. */
export const millisBehindLatest = ({ records, next, end }: ReadResult, nowMs: number): number => {
  const last = records.at(-1);
  return next >= end || last === undefined ? 0 : Math.max(1, nowMs - last.arrivalMs);
};
